{{/* An image at another registry, its path kept. Takes a list: image, registry. */}}
{{- define "linkerd-tracing.image" -}}
{{- $image := index . 0 }}
{{- $registry := index . 1 }}
{{- $parts := splitList "/" $image }}
{{- $host := first $parts }}
{{- $hasHost := and (gt (len $parts) 1) (or (regexMatch "[.:]" $host) (eq $host "localhost")) }}
{{- if eq $registry "" }}{{ $image | quote }}
{{- else }}{{ join "/" (prepend (ternary (rest $parts) $parts $hasHost) (trimSuffix "/" $registry)) | quote }}
{{- end }}
{{- end }}

{{/* Requests and limits; an empty amount is left out. */}}
{{- define "linkerd-tracing.resources" -}}
{{- range $kind := list "requests" "limits" }}
{{- $amounts := dict }}
{{- range $name, $amount := get $ $kind }}
{{- if ne $amount "" }}{{ $_ := set $amounts $name $amount }}{{ end }}
{{- end }}
{{ $kind }}: {{ toJson $amounts }}
{{- end }}
{{- end }}

{{/* All that the Pod Security level `restricted` asks for, and a root that cannot be written. Takes the user. */}}
{{- define "linkerd-tracing.securityContext" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
runAsGroup: {{ . }}
runAsNonRoot: true
runAsUser: {{ . }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Ends a start above a minute, and a container that hangs. Takes a list: path, port. */}}
{{- define "linkerd-tracing.health" -}}
startupProbe:
  httpGet: { path: {{ index . 0 }}, port: {{ index . 1 }}, scheme: HTTP }
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet: { path: {{ index . 0 }}, port: {{ index . 1 }}, scheme: HTTP }
  periodSeconds: 10
  timeoutSeconds: 5
{{- end }}

{{/* Ready when the Pod's proxy is: a Pod without one never becomes ready, and gets no spans. */}}
{{- define "linkerd-tracing.meshedReadiness" -}}
readinessProbe:
  httpGet: { path: /ready, port: 4191, scheme: HTTP }
  periodSeconds: 5
{{- end }}

{{/* Token, CA and namespace, for the one container that asks the API server. */}}
{{- define "linkerd-tracing.apiAccessVolume" -}}
- name: kube-api-access
  projected:
    defaultMode: 292
    sources:
      - serviceAccountToken: { path: token, expirationSeconds: 3607 }
      - configMap:
          name: kube-root-ca.crt
          items:
            - { key: ca.crt, path: ca.crt }
      - downwardAPI:
          items:
            - path: namespace
              fieldRef: { apiVersion: v1, fieldPath: metadata.namespace }
{{- end }}

{{- define "linkerd-tracing.apiAccessMount" -}}
- { name: kube-api-access, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
{{- end }}

{{/* Metadata of the Pods; ours wins. Takes a dict: values, component, annotations, labels. */}}
{{- define "linkerd-tracing.podMetadata" -}}
{{- $own := get .values .component }}
annotations: {{ mergeOverwrite (deepCopy .values.pods.annotations) $own.annotations .annotations | toJson }}
{{- $ours := include "linkerd-tracing.labels" .component | fromYaml }}
labels: {{ mergeOverwrite (deepCopy .values.pods.labels) $own.labels $ours .labels | toJson }}
{{- end }}

{{/* The fields of every Pod's spec. Takes a dict: values, component, name. */}}
{{- define "linkerd-tracing.podSpec" -}}
{{- $pods := .values.pods }}
{{- $own := get .values .component }}
serviceAccountName: {{ .name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 40
{{- with .values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ quote . }}
  {{- end }}
{{- end }}
{{- with mergeOverwrite (deepCopy $pods.nodeSelector) $own.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with concat $pods.tolerations $own.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with default $pods.priorityClassName $own.priorityClassName }}
priorityClassName: {{ quote . }}
{{- end }}
{{- if $own.affinity }}
affinity: {{ toJson $own.affinity }}
{{- else if $own.antiAffinity }}
affinity:
  podAntiAffinity:
    {{- if eq $own.antiAffinity "required" }}
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels: {{- include "linkerd-tracing.selector" .component | nindent 12 }}
    {{- else }}
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels: {{- include "linkerd-tracing.selector" .component | nindent 14 }}
    {{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "linkerd-tracing.selector" .component | nindent 8 }}
{{- end }}
{{- end }}

{{/* New Pods first, one at a time; where two cannot be on a node, an old one has to go first. Takes whether they cannot. */}}
{{- define "linkerd-tracing.rolling" -}}
type: RollingUpdate
rollingUpdate:
  maxSurge: {{ ternary 0 1 . }}
  maxUnavailable: {{ ternary 1 0 . }}
{{- end }}
