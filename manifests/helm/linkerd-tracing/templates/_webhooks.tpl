{{/* The configurations whose caBundles the injector writes, as a JSON list. Takes the values. */}}
{{- define "linkerd-tracing.writtenConfigurations" -}}
{{- $mark := "linkerd-collector-injector-webhook-config" }}
{{- if eq .certs "self-managed" }}{{ list $mark "linkerd-tracing-injector-webhook-config" | toJson }}
{{- else if .isSeed }}{{ list $mark | toJson }}
{{- else }}[]
{{- end }}
{{- end }}

{{/* Metadata of a configuration, without a caBundle: the injector or cert-manager writes that. Takes a list: values, name. */}}
{{- define "linkerd-tracing.configuration" -}}
{{- $v := index . 0 -}}
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  {{- include "linkerd-tracing.metadata" (dict "name" (index . 1) "component" "injector") | nindent 2 }}
  {{- if eq $v.certs "cert-manager" }}
  annotations:
    cert-manager.io/inject-ca-from: {{ $v.namespace }}/linkerd-tracing-injector-tls
  {{- end }}
{{- end }}

{{/*
An entry; every field that the API server would default is written out.
Takes a dict: name, service, namespaces (expressions), objects (expressions), conditions, reinvocation.
*/}}
{{- define "linkerd-tracing.entry" -}}
- name: {{ .name }}
  admissionReviewVersions: [v1, v1beta1]
  clientConfig:
    service: {{ toJson .service }}
  rules:
    - apiGroups: [""]
      apiVersions: [v1]
      operations: [CREATE]
      resources: [pods]
      scope: Namespaced
  namespaceSelector:
    matchExpressions: {{ toJson .namespaces }}
  objectSelector: {{ ternary (dict "matchExpressions" .objects) dict (not (empty .objects)) | toJson }}
  matchConditions: {{- include .conditions . | nindent 4 }}
  matchPolicy: Equivalent
  reinvocationPolicy: {{ .reinvocation }}
  failurePolicy: Ignore
  sideEffects: None
  timeoutSeconds: 3
{{- end }}
