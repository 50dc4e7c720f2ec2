// Posts one AdmissionReview again and again over kept connections, as an API server's webhook client does (Go's
// net/http, HTTP/1.1), each time for another Pod, and checks each answer. Prints one line of JSON.
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

// What differs from Pod to Pod: where it stands, and how it is written for the n-th one.
type part struct {
	places []int
	write  func(n uint64) string
}

func (p part) into(body []byte, n uint64) {
	text := p.write(n)
	for _, at := range p.places {
		copy(body[at:], text)
	}
}

func uid(n uint64) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", n) }

func placesOf(body []byte, text string) []int {
	var places []int
	for at := 0; ; {
		found := bytes.Index(body[at:], []byte(text))
		if found < 0 {
			return places
		}
		places = append(places, at+found)
		at += found + len(text)
	}
}

// partsOf gives the request's uid first, then the random end of the token volume's name; and where each Pod is to be of
// another workload, its template's hash and the uid of its owner.
func partsOf(body []byte, otherWorkloads bool) []part {
	uidAt := bytes.Index(body, []byte(`"uid":"`)) + len(`"uid":"`)
	parts := []part{{[]int{uidAt}, uid}}
	const volume = "kube-api-access-"
	var suffixes []int
	for _, at := range placesOf(body, volume) {
		suffixes = append(suffixes, at+len(volume))
	}
	parts = append(parts, part{suffixes, func(n uint64) string { return fmt.Sprintf("%05x", n&0xfffff) }})
	if !otherWorkloads {
		return parts
	}
	value := func(before string, length int) string {
		at := bytes.Index(body, []byte(before))
		if at < 0 {
			fail(fmt.Errorf("the payload has no %s", before))
		}
		return string(body[at+len(before):][:length])
	}
	hash := value(`"pod-template-hash":"`, 10)
	owner := value(`"name":"checkout-`+hash+`","uid":"`, uidLength)
	return append(parts,
		part{placesOf(body, hash), func(n uint64) string { return fmt.Sprintf("%010x", n) }},
		part{placesOf(body, owner), func(n uint64) string { return uid(n + 1<<40) }})
}

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
	// Each Pod is of another workload; else all are of one.
	otherWorkloads bool
	sequence       atomic.Uint64
}

// post sends the body, as that of the next Pod.
func (t *target) post(body []byte, parts []part, answer *bytes.Buffer) error {
	n := t.sequence.Add(1)
	for _, one := range parts {
		one.into(body, n)
	}
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
	return t.judge(response.StatusCode, answer.Bytes(), []byte(uid(n)))
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
	parts := partsOf(payload, t.otherWorkloads)
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
				if err := t.post(body, parts, answer); err != nil {
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
	otherWorkloads := flag.Bool("other-workloads", false, "each Pod is of another workload; else all are of one")
	flag.Parse()
	payload, err := os.ReadFile(*file)
	if err != nil {
		fail(err)
	}
	server := &target{client: newClient(*ca, *clients), url: *url, wantPatch: *wantPatch, otherWorkloads: *otherWorkloads}
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
