// A program that is traced as Linkerd's components are: a gRPC server whose spans go to `-trace-collector` by OpenCensus's
// agent exporter, insecure, all of them sampled, as linkerd2's pkg/trace sets it up. The test is its gRPC client. Each span that
// ends is also written to stdout as a line of JSON, so that the test knows what should arrive, to the nanosecond.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"contrib.go.opencensus.io/exporter/ocagent"
	"go.opencensus.io/plugin/ocgrpc"
	"go.opencensus.io/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

var (
	collector   = flag.String("trace-collector", "", "host:port of the OpenCensus agent")
	serviceName = flag.String("service-name", "linkerd-destination", "service name, as the Node says it")
	brief       = flag.Bool("brief", false, "write the ids of spans only")
)

// Writes lines to stdout, one at a time: spans end in many goroutines.
type lines struct {
	mutex  sync.Mutex
	writer *bufio.Writer
}

func (l *lines) write(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.writer.Write(text)
	l.writer.WriteByte('\n')
}

func (l *lines) flush() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.writer.Flush()
}

// An exporter beside the real one: what OpenCensus itself says of the span.
func (l *lines) ExportSpan(span *trace.SpanData) {
	if strings.HasPrefix(span.Name, "opencensus.proto.agent") {
		return // Of the exporter's own streams.
	}
	if *brief {
		l.write(map[string]any{"spanId": span.SpanID.String()})
		return
	}
	events := []map[string]any{}
	for _, event := range span.MessageEvents {
		events = append(events, map[string]any{
			"sent": event.EventType == trace.MessageEventTypeSent, "id": event.MessageID, "nanos": nanos(event.Time),
			"uncompressed": event.UncompressedByteSize, "compressed": event.CompressedByteSize,
		})
	}
	annotations := []map[string]any{}
	for _, one := range span.Annotations {
		annotations = append(annotations, map[string]any{
			"message": one.Message, "nanos": nanos(one.Time), "attributes": one.Attributes,
		})
	}
	l.write(map[string]any{
		"traceId": span.TraceID.String(), "spanId": span.SpanID.String(), "parentSpanId": span.ParentSpanID.String(),
		"name": span.Name, "kind": span.SpanKind, "start": nanos(span.StartTime), "end": nanos(span.EndTime),
		"attributes": span.Attributes, "code": span.Status.Code, "message": span.Status.Message,
		"messageEvents": events, "annotations": annotations, "links": len(span.Links),
	})
	l.flush()
}

// As text: a number of that size is not exact in JSON.
func nanos(at time.Time) string { return fmt.Sprint(at.UnixNano()) }

// A span of everything that this exporter can say, and that Linkerd's components do not: other programs may.
func makeRichSpan() {
	ctx, parent := trace.StartSpan(context.Background(), "rich.parent")
	_, span := trace.StartSpan(ctx, "rich.span", trace.WithSpanKind(trace.SpanKindClient))
	span.AddAttributes(
		trace.StringAttribute("text", "naïve"),
		trace.Int64Attribute("whole", -9007199254740993),
		trace.BoolAttribute("yes", true),
		trace.StringAttribute("http.url", "http://user:pass-in-url@shop.example/cart?token=secret-in-query#part"),
		trace.StringAttribute("authorization", "Bearer secret-in-attribute"),
	)
	span.Annotate([]trace.Attribute{trace.StringAttribute("password", "secret-in-annotation"), trace.Int64Attribute("try", 2)}, "retried")
	span.AddMessageSendEvent(7, 100, 60)
	span.AddLink(trace.Link{
		TraceID: trace.TraceID{1, 2, 3}, SpanID: trace.SpanID{4, 5, 6}, Type: trace.LinkTypeChild,
		Attributes: map[string]any{"cookie": "secret-in-link"},
	})
	span.SetStatus(trace.Status{Code: trace.StatusCodePermissionDenied, Message: "not yours"})
	span.End()
	parent.End()
}

// Spans as those of Linkerd's destination, as fast as they can be made.
func makeSpans(count int) {
	for i := range count {
		_, span := trace.StartSpan(context.Background(), "io.linkerd.proxy.destination.Destination.GetProfile", trace.WithSpanKind(trace.SpanKindServer))
		span.AddAttributes(trace.BoolAttribute("Client", false), trace.BoolAttribute("FailFast", false), trace.Int64Attribute("number", int64(i)))
		span.AddMessageReceiveEvent(0, 30, 30)
		span.AddMessageSendEvent(1, 120, 120)
		span.End()
	}
}

func main() {
	flag.Parse()
	out := &lines{writer: bufio.NewWriter(os.Stdout)}
	exporter, err := ocagent.NewExporter(
		ocagent.WithInsecure(), ocagent.WithAddress(*collector), ocagent.WithServiceName(*serviceName),
	)
	if err != nil {
		log.Fatal(err)
	}
	trace.RegisterExporter(exporter)
	trace.RegisterExporter(out)
	trace.ApplyConfig(trace.Config{DefaultSampler: trace.AlwaysSample()})

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.StatsHandler(&ocgrpc.ServerHandler{}))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	go server.Serve(listener)
	out.write(map[string]any{"listening": listener.Addr().String()})
	out.flush()

	// Ends with its stdin, and so with the test.
	for commands := bufio.NewScanner(os.Stdin); commands.Scan(); {
		var count int
		switch text := commands.Text(); {
		case text == "rich":
			makeRichSpan()
		case text == "flush":
			exporter.Flush()
		default:
			if _, err := fmt.Sscanf(text, "spans %d", &count); err != nil {
				log.Fatalf("no such command: %s", text)
			}
			makeSpans(count)
		}
		out.write(map[string]any{"done": commands.Text()})
		out.flush()
	}
}
