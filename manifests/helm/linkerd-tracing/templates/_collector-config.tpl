{{/* Memory of the collector's container in MiB: its limit, else what is set aside. Takes the values. */}}
{{- define "linkerd-tracing.memoryMib" -}}
{{- $text := default .collector.resources.requests.memory .collector.resources.limits.memory }}
{{- if $text }}
{{- max 1 (divf (include "linkerd-tracing.amount" $text | float64) 1048576 | floor | int64) }}
{{- else }}512{{ end }}
{{- end }}

{{/* Four fifths of the memory are for the heap. */}}
{{- define "linkerd-tracing.heapMib" -}}
{{ div (mul (include "linkerd-tracing.memoryMib" . | int64) 4) 5 }}
{{- end }}

{{/* The collector's configuration. Takes the values. A text that is not ours has its `$` doubled, or it would be a variable. */}}
{{- define "linkerd-tracing.collectorConfig" -}}
{{- $memory := include "linkerd-tracing.memoryMib" . | int64 }}
{{- $heap := include "linkerd-tracing.heapMib" . | int64 }}
{{- $sampling := .collector.tailSampling }}
{{- $queue := div (mul $memory 131072) (add (len .backends) (ternary 1 0 .hasJaeger)) -}}
extensions:
  health_check:
    endpoint: 0.0.0.0:13133
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 0.0.0.0:4317
        max_recv_msg_size_mib: 16
      http:
        endpoint: 0.0.0.0:4318
processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: {{ $heap }}
    spike_limit_mib: {{ div $heap 5 }}
  {{- if .collector.kubernetesAttributes }}
  {{- include "linkerd-tracing.kubernetesAttributes" . | nindent 2 }}
  {{- end }}
  {{- if .collector.redaction.enabled }}
  {{- include "linkerd-tracing.redaction" .collector.redaction | nindent 2 }}
  {{- end }}
  {{- if $sampling.enabled }}
  tail_sampling:
    decision_wait: {{ int $sampling.waitSeconds }}s
    num_traces: {{ mul $memory 8 }}
    decision_cache:
      sampled_cache_size: {{ mul $memory 80 }}
      non_sampled_cache_size: {{ mul $memory 80 }}
    sample_on_first_match: true
    policies:
      {{- if $sampling.errors }}
      {{- include "linkerd-tracing.errorPolicies" . | nindent 6 }}
      {{- end }}
      {{- if gt (int $sampling.slowerThanMs) 0 }}
      - name: slow
        type: latency
        latency:
          threshold_ms: {{ int64 $sampling.slowerThanMs }}
      {{- end }}
      - name: share
        type: probabilistic
        probabilistic:
          sampling_percentage: {{ $sampling.percent }}
  {{- end }}
  batch:
    timeout: 1s
    send_batch_size: 512
    send_batch_max_size: 1024
exporters:
  {{- if .hasJaeger }}
  otlp_grpc/jaeger:
    endpoint: linkerd-jaeger:4317
    tls:
      insecure: true
    {{- include "linkerd-tracing.exporterQueue" $queue | nindent 4 }}
  {{- end }}
  {{- range $backend := .backends }}
  {{ include "linkerd-tracing.exporterName" . }}:
    endpoint: {{ .endpoint | replace "$" "$$" | quote }}
    tls: {{- include "linkerd-tracing.exporterTls" . | nindent 6 }}
    {{- with .headers }}
    headers:
      {{- range . }}
      {{ .name }}: ${env:{{ include "linkerd-tracing.headerVariable" (list $backend.name .name) }}}
      {{- end }}
    {{- end }}
    {{- include "linkerd-tracing.exporterQueue" $queue | nindent 4 }}
  {{- end }}
service:
  extensions:
    - health_check
  pipelines:
    traces:
      receivers:
        - otlp
      processors:
        - memory_limiter
        {{- if .collector.kubernetesAttributes }}
        - k8s_attributes
        {{- end }}
        {{- if .collector.redaction.enabled }}
        - transform/redaction
        - redaction
        {{- end }}
        {{- if $sampling.enabled }}
        - tail_sampling
        {{- end }}
        - batch
      exporters:
        {{- if .hasJaeger }}
        - otlp_grpc/jaeger
        {{- end }}
        {{- range .backends }}
        - {{ include "linkerd-tracing.exporterName" . }}
        {{- end }}
  telemetry: {{- include "linkerd-tracing.telemetry" . | nindent 4 }}
{{- end }}

{{- define "linkerd-tracing.exporterName" -}}
{{ ternary "otlp_http" "otlp_grpc" (regexMatch "^https?:" .endpoint) }}/{{ .name }}
{{- end }}

{{- define "linkerd-tracing.exporterTls" -}}
{{- if or (eq (toString (get . "tls")) "false") (hasPrefix "http://" .endpoint) -}}
insecure: true
{{- else -}}
{{- if .caSecret -}}
ca_file: /etc/linkerd-tracing-backends/{{ .name }}/ca.crt
{{ end }}
{{- if hasKey . "serverName" -}}
server_name_override: {{ .serverName | replace "$" "$$" | quote }}
{{ end }}
{{- if .insecureSkipVerify -}}
insecure_skip_verify: true
{{ end -}}
insecure: false
{{- end }}
{{- end }}

{{- define "linkerd-tracing.exporterQueue" -}}
timeout: 10s
sending_queue:
  enabled: true
  sizer: bytes
  queue_size: {{ . }}
  num_consumers: 4
retry_on_failure:
  enabled: true
  initial_interval: 1s
  max_interval: 30s
  max_elapsed_time: 5m
{{- end }}

{{/* Logs as JSON, metrics for Prometheus, never spans. */}}
{{- define "linkerd-tracing.telemetry" -}}
logs:
  level: info
  encoding: json
metrics:
  level: normal
  readers:
    - pull:
        exporter:
          prometheus:
            host: 0.0.0.0
            port: 8888
traces:
  level: none
{{- end }}
