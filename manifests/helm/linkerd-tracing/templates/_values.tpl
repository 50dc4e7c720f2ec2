{{/*
The values with all that is decided by them: presets of `ha`, whether Linkerd's policy objects are printed, the domain of the
cluster, names of backends. Every template begins with it: $v := include "linkerd-tracing.values" . | fromYaml
*/}}
{{- define "linkerd-tracing.values" -}}
{{- $presets := include "linkerd-tracing.presets" . | fromJson }}
{{- $v := mergeOverwrite (ternary $presets.ha $presets.usual .Values.ha) (deepCopy .Values) }}
{{- $_ := set $v "namespace" .Release.Namespace }}
{{- $_ := set $v "isSeed" (eq .Release.Namespace $v.linkerdNamespace) }}
{{- $_ := set $v "hasJaeger" (ne $v.jaeger.storage "none") }}
{{- $_ := set $v "several" (gt (int $v.collector.replicas) 1) }}
{{- $_ := set $v "hasPolicy" (eq "yes" (include "linkerd-tracing.hasPolicy" .)) }}
{{- $_ := set $v "hasToken" $v.collector.kubernetesAttributes }}
{{- if and $v.several (eq $v.clusterDomain "") }}
{{- $_ := set $v "clusterDomain" (include "linkerd-tracing.clusterDomain" .) }}
{{- end }}
{{- $backends := list }}
{{- range $index, $backend := $v.backends }}
{{- $name := ternary "backend" (printf "backend-%d" (add1 $index)) (eq $index 0) }}
{{- $backends = append $backends (mergeOverwrite (dict "name" $name "headers" list) $backend) }}
{{- end }}
{{- $_ := set $v "backends" $backends }}
{{- include "linkerd-tracing.refuse" $v }}
{{- toYaml $v }}
{{- end }}

{{/* `auto` asks the cluster. Where none can be asked, as in `helm template`, they are printed: without them plaintext would be taken. */}}
{{- define "linkerd-tracing.hasPolicy" -}}
{{- $asked := lookup "v1" "Namespace" "" "kube-system" }}
{{- $known := or (not $asked) (.Capabilities.APIVersions.Has "policy.linkerd.io/v1beta1") }}
{{- if or (eq .Values.policy "on") (and (eq .Values.policy "auto") $known) }}yes{{ end }}
{{- end }}

{{/* What linkerd-config says; cluster.local where nothing can be asked. */}}
{{- define "linkerd-tracing.clusterDomain" -}}
{{- $config := lookup "v1" "ConfigMap" .Values.linkerdNamespace "linkerd-config" }}
{{- $facts := get (default dict (get $config "data")) "values" | default "{}" | fromYaml }}
{{- get $facts "clusterDomain" | default "cluster.local" }}
{{- end }}
