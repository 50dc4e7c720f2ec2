{{/* Takes a dict: name, namespace, component. */}}
{{- define "linkerd-tracing.metadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ quote . }}
{{- end }}
labels: {{- include "linkerd-tracing.labels" .component | nindent 2 }}
{{- end }}

{{/* Takes a dict: name, namespace, component. */}}
{{- define "linkerd-tracing.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "linkerd-tracing.metadata" . | nindent 2 }}
{{- end }}

{{/* Takes a dict: name, namespace, component, ports (a list of lists: name, port), headless. */}}
{{- define "linkerd-tracing.service" -}}
apiVersion: v1
kind: Service
metadata: {{- include "linkerd-tracing.metadata" . | nindent 2 }}
spec:
  type: ClusterIP
  {{- if .headless }}
  clusterIP: None
  {{- end }}
  selector: {{- include "linkerd-tracing.selector" .component | nindent 4 }}
  ports:
    {{- range .ports }}
    - { name: {{ index . 0 }}, port: {{ index . 1 }}, protocol: TCP, targetPort: {{ index . 0 }} }
    {{- end }}
{{- end }}

{{/* One Pod at a time; said as what may be missing, so that a single replica does not keep its node from being drained. */}}
{{- define "linkerd-tracing.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "linkerd-tracing.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "linkerd-tracing.selector" .component | nindent 6 }}
  unhealthyPodEvictionPolicy: AlwaysAllow
{{- end }}

{{/* The ports that are used, from anywhere. Takes a dict: name, namespace, component, ports. */}}
{{- define "linkerd-tracing.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "linkerd-tracing.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "linkerd-tracing.selector" .component | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - ports:
        {{- range .ports }}
        - { port: {{ . }}, protocol: TCP }
        {{- end }}
{{- end }}

{{/* A Server of Linkerd's policy, and who may use it. Takes a dict: name, namespace, component, port, protocol, client. */}}
{{- define "linkerd-tracing.policy" -}}
apiVersion: policy.linkerd.io/v1beta1
kind: Server
metadata: {{- include "linkerd-tracing.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "linkerd-tracing.selector" .component | nindent 6 }}
  port: {{ .port }}
  proxyProtocol: {{ .protocol }}
{{- with .client }}
---
apiVersion: policy.linkerd.io/v1beta1
kind: ServerAuthorization
metadata: {{- include "linkerd-tracing.metadata" $ | nindent 2 }}
spec:
  server:
    name: {{ $.name }}
  client:
    meshTLS: {{ toJson . }}
{{- end }}
{{- end }}
