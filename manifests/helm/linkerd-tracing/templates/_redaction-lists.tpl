{{/* The words of secret names, as one expression: everything but letters and digits is a border within a word. */}}
{{- define "linkerd-tracing.words" -}}
{{- $words := list }}
{{- range concat .secretNames .moreSecretNames }}
{{- $words = append $words (regexReplaceAllLiteral "[^\\p{L}\\p{N}]+" . "[-_. ]?") }}
{{- end }}
{{- join "|" $words }}
{{- end }}

{{/* Expressions of values as one, within the quotes of a statement. Takes the list. */}}
{{- define "linkerd-tracing.anyOfValues" -}}
{{- $values := list }}
{{- range . }}
{{- $values = append $values (printf "(?:%s)" .) }}
{{- end }}
{{- join "|" $values | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"" }}
{{- end }}

{{/*
Attributes whose values are not searched, as a JSON list: those that cannot be secrets, unless somebody's own expressions or words
could fit them; and those that are kept by name. Takes the settings of redaction.
*/}}
{{- define "linkerd-tracing.ignoredKeys" -}}
{{- $usual := include "linkerd-tracing.usualSecretValues" . | fromJsonArray }}
{{- $hasOwn := false }}
{{- range .secretValues }}{{ if not (has . $usual) }}{{ $hasOwn = true }}{{ end }}{{ end }}
{{- $words := include "linkerd-tracing.words" . }}
{{- $secret := printf "(?i)(?:%s)" $words }}
{{- $keys := list }}
{{- if not $hasOwn }}
{{- range include "linkerd-tracing.plainAttributes" . | fromJsonArray }}
{{- if not (and $words (regexMatch $secret .)) }}{{ $keys = append $keys . }}{{ end }}
{{- end }}
{{- end }}
{{- range .keptNames }}{{ $keys = append $keys (replace "$" "$$" .) }}{{ end }}
{{- toRawJson $keys }}
{{- end }}
