// A client that sends spans as Linkerd's components do: the same exporter, the same versions.
module linkerd-tracing.test/opencensus-client

go 1.26.0

require (
	contrib.go.opencensus.io/exporter/ocagent v0.5.0
	go.opencensus.io v0.24.0
	google.golang.org/grpc v1.82.1
)

require (
	github.com/census-instrumentation/opencensus-proto v0.2.1 // indirect
	github.com/golang/groupcache v0.0.0-20200121045136-8c9f03a8e57e // indirect
	github.com/golang/protobuf v1.5.4 // indirect
	github.com/grpc-ecosystem/grpc-gateway v1.8.5 // indirect
	golang.org/x/net v0.53.0 // indirect
	golang.org/x/sync v0.20.0 // indirect
	golang.org/x/sys v0.43.0 // indirect
	golang.org/x/text v0.36.0 // indirect
	google.golang.org/api v0.4.0 // indirect
	google.golang.org/genproto v0.0.0-20200526211855-cb27e3aa2013 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)
