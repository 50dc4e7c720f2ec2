{{/* Labels by which the Pods of a component are selected, for ever. Takes the component. */}}
{{- define "linkerd-tracing.selector" -}}
app.kubernetes.io/name: linkerd-tracing
app.kubernetes.io/component: {{ . }}
{{- end }}

{{/* Labels of every object that belongs to a component. Takes the component. */}}
{{- define "linkerd-tracing.labels" -}}
{{ include "linkerd-tracing.selector" . }}
app.kubernetes.io/part-of: linkerd-tracing
{{- end }}
