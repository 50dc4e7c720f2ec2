// Posts one AdmissionReview again and again over kept connections, as an API server's webhook client does (Go's
// net/http, HTTP/1.1), each time with another uid, and checks each answer. Prints one line of JSON.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const uidLength = 36

type result struct {
	Requests   int     `json:"requests"`
	Seconds    float64 `json:"seconds"`
	P50        float64 `json:"p50Ms"`
	P99        float64 `json:"p99Ms"`
	CPUMs      float64 `json:"cpuMs"`
	PeakMiB    float64 `json:"peakMiB"`
	FirstError string  `json:"firstError,omitempty"`
	Errors     int     `json:"errors"`
}

type target struct {
	client    *http.Client
	url       string
	wantPatch bool
	sequence  atomic.Uint64
}

// post sends the body, in which the uid begins at that byte.
func (t *target) post(body []byte, uidAt int, answer *bytes.Buffer) error {
	uid := body[uidAt : uidAt+uidLength]
	copy(uid, fmt.Sprintf("00000000-0000-4000-8000-%012x", t.sequence.Add(1)))
	request, err := http.NewRequest(http.MethodPost, t.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("content-type", "application/json")
	response, err := t.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer.Reset()
	if _, err := io.Copy(answer, response.Body); err != nil {
		return err
	}
	return t.judge(response.StatusCode, answer.Bytes(), uid)
}

func (t *target) judge(status int, answer, uid []byte) error {
	isAllowed := bytes.Contains(answer, []byte(`"allowed":true`)) && bytes.Contains(answer, uid)
	if status != http.StatusOK || !isAllowed {
		return fmt.Errorf("status %d, %.200s", status, answer)
	}
	if t.wantPatch && !bytes.Contains(answer, []byte(`"patch":"`)) {
		return fmt.Errorf("no patch: %.200s", answer)
	}
	return nil
}

// run has that many clients post until the time is over or enough is sent. Gives all latencies, and what failed.
func (t *target) run(payload []byte, clients, requests int, limit time.Duration) ([]time.Duration, []error) {
	uidAt := bytes.Index(payload, []byte(`"uid":"`)) + len(`"uid":"`)
	end := time.Now().Add(limit)
	left := atomic.Int64{}
	left.Store(int64(requests))
	all := make([][]time.Duration, clients)
	failed := make([][]error, clients)
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			body, answer := bytes.Clone(payload), &bytes.Buffer{}
			for left.Add(-1) >= 0 && time.Now().Before(end) && len(failed[client]) < 10 {
				start := time.Now()
				if err := t.post(body, uidAt, answer); err != nil {
					failed[client] = append(failed[client], err)
					continue
				}
				all[client] = append(all[client], time.Since(start))
			}
		})
	}
	group.Wait()
	var latencies []time.Duration
	var errors []error
	for client := range clients {
		latencies = append(latencies, all[client]...)
		errors = append(errors, failed[client]...)
	}
	sort.Slice(latencies, func(a, b int) bool { return latencies[a] < latencies[b] })
	return latencies, errors
}

func newClient(caFile string, clients int) *http.Client {
	ca, err := os.ReadFile(caFile)
	if err != nil {
		fail(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, NextProtos: []string{"http/1.1"}},
		TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxIdleConnsPerHost: clients,
	}}
}

// cpuMs gives what all threads of a process have used, to the nanosecond where the kernel tells: its ticks are 10 ms.
func cpuMs(pid int) float64 {
	folder := fmt.Sprintf("/proc/%d/task", pid)
	tasks, err := os.ReadDir(folder)
	if err != nil {
		fail(err)
	}
	total := 0.0
	for _, task := range tasks {
		text, err := os.ReadFile(folder + "/" + task.Name() + "/schedstat")
		if err != nil {
			continue
		}
		nanoseconds, _ := strconv.ParseFloat(strings.Fields(string(text))[0], 64)
		total += nanoseconds / 1e6
	}
	return total
}

func peakMiB(pid int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

func at(latencies []time.Duration, part float64) float64 {
	if len(latencies) == 0 {
		return 0
	}
	index := min(len(latencies)-1, int(part*float64(len(latencies))))
	return float64(latencies[index].Nanoseconds()) / 1e6
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	url := flag.String("url", "", "of the webhook")
	ca := flag.String("ca", "", "file with the CA of its certificate")
	file := flag.String("payload", "", "file with an AdmissionReview")
	pid := flag.Int("pid", 0, "of the server, for its CPU and memory")
	clients := flag.Int("clients", 8, "requests in flight")
	requests := flag.Int("requests", 1<<40, "at most")
	limit := flag.Duration("for", time.Second, "how long at most")
	warm := flag.Duration("warm", 300*time.Millisecond, "how long before the measurement")
	wantPatch := flag.Bool("want-patch", false, "an answer without a patch is an error")
	flag.Parse()
	payload, err := os.ReadFile(*file)
	if err != nil {
		fail(err)
	}
	server := &target{client: newClient(*ca, *clients), url: *url, wantPatch: *wantPatch}
	server.run(payload, *clients, 1<<40, *warm)
	// From here on the peak is that of this measurement.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", *pid), []byte("5"), 0)
	before, start := cpuMs(*pid), time.Now()
	latencies, errors := server.run(payload, *clients, *requests, *limit)
	seconds := time.Since(start).Seconds()
	found := result{
		Requests: len(latencies), Seconds: seconds, P50: at(latencies, 0.5), P99: at(latencies, 0.99),
		CPUMs: cpuMs(*pid) - before, PeakMiB: peakMiB(*pid), Errors: len(errors),
	}
	if len(errors) > 0 {
		found.FirstError = errors[0].Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(found)
}
