{{/* What values.schema.json cannot say: values that cannot be together. Takes the values with all that is decided by them. */}}
{{- define "linkerd-tracing.refuse" -}}
{{- if has .namespace (list "kube-system" "kube-node-lease" "kube-public" "default") }}
{{- fail (printf "namespace = %q: is one of Kubernetes itself, which must not be ours" .namespace) }}
{{- end }}
{{- if and .isSeed (eq .certs "cert-manager") }}
{{- fail "certs = \"cert-manager\": cannot be used in Linkerd's own namespace: it would put our CA into the entry that leads to Linkerd's injector" }}
{{- end }}
{{- if and .linkerdCni .injector.hostNetwork (not .isSeed) }}
{{- fail "injector.hostNetwork = true: cannot be together with linkerdCni: the Pod Security level restricted forbids the host's network" }}
{{- end }}
{{- if and (not .hasJaeger) (not .backends) }}
{{- fail "backends = []: must have an endpoint where jaeger.storage is none" }}
{{- end }}
{{- if and .collector.tailSampling.enabled .several }}
{{- fail (printf "collector.replicas = %d: must be 1 with collector.tailSampling: a trace is judged by the one collector that has all of its spans" (int .collector.replicas)) }}
{{- end }}
{{- if lt (int (include "linkerd-tracing.memoryMib" .)) 128 }}
{{- fail "collector.resources: memory must be a whole number of MiB, at least 128" }}
{{- end }}
{{- include "linkerd-tracing.refuseResources" . }}
{{- include "linkerd-tracing.refuseWords" .collector.redaction }}
{{- include "linkerd-tracing.refuseLabels" . }}
{{- include "linkerd-tracing.refuseBackends" . }}
{{- end }}

{{/* Requests above their limits: the API server takes no Pod that has one. `700m` and `0.7` are the same, whatever their last bits are. */}}
{{- define "linkerd-tracing.refuseResources" -}}
{{- range $place := list "injector" "collector" "bridge" "jaeger" }}
{{- $resources := (get $ $place).resources }}
{{- range $name := list "cpu" "memory" }}
{{- $request := get $resources.requests $name }}
{{- $limit := get $resources.limits $name }}
{{- if and $request $limit }}
{{- if gt (include "linkerd-tracing.amount" $request | float64) (mulf (include "linkerd-tracing.amount" $limit | float64) 1.000000001) }}
{{- fail (printf "%s.resources.requests.%s = %q: must not be above %s.resources.limits.%s %q: the API server takes no such Pod" $place $name $request $place $name $limit) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A quantity of Kubernetes as a number: bytes, cores. */}}
{{- define "linkerd-tracing.amount" -}}
{{- $factors := dict "" 1 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 }}
{{- mulf (float64 (regexFind "^[0-9.]+" .)) (get $factors (regexFind "[a-zA-Z]*$" .)) }}
{{- end }}

{{/* The collector reads RE2, as Helm does. */}}
{{- define "linkerd-tracing.refuseWords" -}}
{{- range concat .secretNames .moreSecretNames }}
{{- if not (regexMatch "[\\p{L}\\p{N}]" .) }}{{ fail (printf "collector.redaction.secretNames: %q must have a letter or digit: it would fit every name" .) }}{{ end }}
{{- end }}
{{- range .secretValues }}
{{- if regexMatch "\\(\\?<?[=!]|\\\\[1-9]" . }}{{ fail (printf "collector.redaction.secretValues: %q must not have look-around or back references: the collector reads RE2" .) }}{{ end }}
{{- if mustRegexMatch . "" }}{{ fail (printf "collector.redaction.secretValues: %q must not fit the empty text: it would fit every value" .) }}{{ end }}
{{- end }}
{{- end }}

{{/* A Pod that lost one of our labels would be no part of its Deployment or of its Service; of annotations ours would win. */}}
{{- define "linkerd-tracing.refuseLabels" -}}
{{- $ours := list "app.kubernetes.io/name" "app.kubernetes.io/component" "app.kubernetes.io/part-of" "tracing.linkerd.io/component" "tracing.linkerd.io/inject" }}
{{- range $place := list "pods" "injector" "collector" "jaeger" }}
{{- range $key, $value := (get $ $place).labels }}
{{- if has $key $ours }}{{ fail (printf "%s.labels: %s is a label of ours, which cannot be changed" $place $key) }}{{ end }}
{{- end }}
{{- range $key, $value := (get $ $place).annotations }}
{{- if has $key (list "linkerd.io/inject" "checksum/config") }}{{ fail (printf "%s.annotations: %s is an annotation of ours, which cannot be changed" $place $key) }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "linkerd-tracing.refuseBackends" -}}
{{- $names := ternary (list "jaeger") list .hasJaeger }}
{{- $variables := list }}
{{- range $index, $backend := .backends }}
{{- $place := printf "backends[%d]" $index }}
{{- if or (has .name $names) (eq .name "jaeger") }}{{ fail (printf "%s.name = %q: is the name of another backend already" $place .name) }}{{ end }}
{{- $names = append $names .name }}
{{- $isHttp := regexMatch "^https?:" .endpoint }}
{{- $isPlain := or (eq (toString (get . "tls")) "false") (hasPrefix "http://" .endpoint) }}
{{- if and $isHttp $isPlain (hasPrefix "https:" .endpoint) }}{{ fail (printf "%s.endpoint = %q: must begin with http:// where tls is false" $place .endpoint) }}{{ end }}
{{- $port := atoi (regexFind "[0-9]+$" .endpoint) }}
{{- if and (not $isHttp) (or (lt $port 1) (gt $port 65535) (not (regexMatch "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\\.?):[0-9]{1,5}$" .endpoint))) }}
{{- fail (printf "%s.endpoint = %q: must be host:port (IPv6 in brackets), without scheme or path" $place .endpoint) }}
{{- end }}
{{- if and $isHttp (regexMatch "[?#]" .endpoint) }}{{ fail (printf "%s.endpoint = %q: must not have a query or fragment" $place .endpoint) }}{{ end }}
{{- if and $isHttp (regexMatch "^https?://[^/]*@" .endpoint) }}{{ fail (printf "%s.endpoint: must not hold user and password; use a header from a Secret" $place) }}{{ end }}
{{- range .headers }}
{{- if hasPrefix "grpc-" .name }}{{ fail (printf "%s.headers: %q must not begin with grpc-" $place .name) }}{{ end }}
{{- $variable := include "linkerd-tracing.headerVariable" (list $backend.name .name) }}
{{- if has $variable $variables }}{{ fail (printf "%s.headers: %s would carry two headers" $place $variable) }}{{ end }}
{{- $variables = append $variables $variable }}
{{- end }}
{{- end }}
{{- end }}

{{/* The environment variable that carries a header. Takes a list: name of the backend, name of the header. */}}
{{- define "linkerd-tracing.headerVariable" -}}
BACKEND_{{ index . 0 | upper | replace "-" "_" }}_HEADER_{{ index . 1 | upper | replace "-" "_" }}
{{- end }}
