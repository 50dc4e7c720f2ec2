{{/* Jaeger's configuration: OTLP in, the query API with its page out. Takes the values. */}}
{{- define "linkerd-tracing.jaegerConfig" -}}
extensions:
  healthcheckv2:
    use_v2: true
    http:
      endpoint: 0.0.0.0:13133
  jaeger_storage:
    backends:
      traces:
        {{- if eq .jaeger.storage "badger" }}
        badger:
          ephemeral: false
          directories:
            keys: /badger/keys
            values: /badger/values
          ttl:
            spans: {{ int .jaeger.keepHours }}h
        {{- else }}
        memory:
          max_traces: {{ int64 .jaeger.maxTraces }}
        {{- end }}
  jaeger_query:
    storage:
      traces: traces
    {{- with .jaeger.basePath }}
    base_path: {{ . }}
    {{- end }}
    http:
      endpoint: 0.0.0.0:16686
    grpc:
      endpoint: 0.0.0.0:16685
    enable_tracing: false
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 0.0.0.0:4317
        max_recv_msg_size_mib: 16
      http:
        endpoint: 0.0.0.0:4318
processors:
  batch: {}
exporters:
  jaeger_storage_exporter:
    trace_storage: traces
service:
  extensions: [jaeger_storage, jaeger_query, healthcheckv2]
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [jaeger_storage_exporter]
  telemetry: {{- include "linkerd-tracing.telemetry" . | nindent 4 }}
{{- end }}
