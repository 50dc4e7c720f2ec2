{{/* Written by `npm run manifests` from src/install. */}}
{{- define "linkerd-tracing.presets" -}}
{"usual":{"injector":{"replicas":2,"antiAffinity":"preferred"},"collector":{"replicas":1,"antiAffinity":"preferred"}},"ha":{"injector":{"replicas":3,"antiAffinity":"required"},"collector":{"replicas":2,"antiAffinity":"required"}}}
{{- end }}

{{- define "linkerd-tracing.plainAttributes" -}}
["direction","http.method","http.request.method","http.response.status_code","http.scheme","http.status_code","message.type","messaging.message_id","messaging.message_payload_compressed_size_bytes","messaging.message_payload_size_bytes","network.transport","opencensus.child_span_count","opencensus.same_process_as_parent_span","opencensus.status_code","rpc.grpc.status_code","rpc.system","server.address","server.port","url.scheme"]
{{- end }}

{{- define "linkerd-tracing.usualSecretValues" -}}
["eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*","(?i)(?:bearer|basic|digest|negotiate) +[A-Za-z0-9._~+/=-]{8,}","-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*","A(?:KIA|SIA)[0-9A-Z]{16}","gh[pousr]_[A-Za-z0-9]{36,}","glpat-[A-Za-z0-9_-]{20,}","xox[abeoprs]-[A-Za-z0-9-]{10,}"]
{{- end }}

{{- define "linkerd-tracing.redaction" -}}
{{- $words := include "linkerd-tracing.words" . }}
{{- if $words }}
transform/redaction:
  error_mode: "propagate"
  trace_statements:
    - context: "resource"
      statements:
        - "replace_all_patterns(resource.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(resource.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
    - context: "scope"
      statements:
        - "replace_all_patterns(scope.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(scope.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
    - context: "span"
      statements:
{{- range .queryAttributes }}
        - {{ `delete_key(span.attributes, "QQUERYQ")` | replace "QQUERYQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
{{- range .urlAttributes }}
        - {{ `replace_pattern(span.attributes["QURLQ"], "://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s\"'<>]*@(?:[^/?#\\s@\"'<>]*@)*|[^/?#\\s\"'<>]*@)", "://")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
        - {{ `replace_pattern(span.attributes["QURLQ"], "(?is)^((?:(?:[a-z][a-z0-9+.-]*:)?//)?)[^/?#]*@|(?:[?#]|%(?:25)*(?:3f|23)).*$$|(?:;|%(?:25)*3b)[^/?#]*", "$$1")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
        - "replace_all_patterns(span.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(span.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(span.name, \"(?is)(/\\\\S*?)(?:(?:[?#]|%(?:25)*(?:3f|23)).*$$|(?:;|%(?:25)*3b)[^/?#\\\\s]*)\", \"$$1\")"
        - "replace_pattern(span.name, \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_pattern(span.name, \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - {{ `replace_pattern(span.name, "(?i)((?:authorization|cookie)[\\\\\"']*\\s*[:=]\\s*)(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[^\\r\\n]+)|((?:QWORDSQ)[\\w.-]*[\\\\\"']*\\s*[:=]\\s*)(?:(?:bearer|basic|digest|negotiate|token) +)?(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[{\\[](?s:.*)|'[^']*'?|[^\\s,;&\"'}\\]\\\\]+)", "$${1}$${2}****")` | replace "QWORDSQ" $words | toRawJson }}
{{- with .secretValues }}
        - {{ `replace_pattern(span.name, "(?:QVALUEQ)", "****")` | replace "(?:QVALUEQ)" (include "linkerd-tracing.anyOfValues" .) | toRawJson }}
{{- end }}
        - "replace_pattern(span.status.message, \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_pattern(span.status.message, \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - {{ `replace_pattern(span.status.message, "(?i)((?:authorization|cookie)[\\\\\"']*\\s*[:=]\\s*)(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[^\\r\\n]+)|((?:QWORDSQ)[\\w.-]*[\\\\\"']*\\s*[:=]\\s*)(?:(?:bearer|basic|digest|negotiate|token) +)?(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[{\\[](?s:.*)|'[^']*'?|[^\\s,;&\"'}\\]\\\\]+)", "$${1}$${2}****")` | replace "QWORDSQ" $words | toRawJson }}
{{- with .secretValues }}
        - {{ `replace_pattern(span.status.message, "(?:QVALUEQ)", "****")` | replace "(?:QVALUEQ)" (include "linkerd-tracing.anyOfValues" .) | toRawJson }}
{{- end }}
{{- if eq .links "remove" }}
        - "set(span.links, nil)"
{{- end }}
    - context: "spanevent"
      statements:
{{- range .queryAttributes }}
        - {{ `delete_key(spanevent.attributes, "QQUERYQ")` | replace "QQUERYQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
{{- range .urlAttributes }}
        - {{ `replace_pattern(spanevent.attributes["QURLQ"], "://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s\"'<>]*@(?:[^/?#\\s@\"'<>]*@)*|[^/?#\\s\"'<>]*@)", "://")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
        - {{ `replace_pattern(spanevent.attributes["QURLQ"], "(?is)^((?:(?:[a-z][a-z0-9+.-]*:)?//)?)[^/?#]*@|(?:[?#]|%(?:25)*(?:3f|23)).*$$|(?:;|%(?:25)*3b)[^/?#]*", "$$1")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
        - "replace_all_patterns(spanevent.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(spanevent.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(spanevent.name, \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_pattern(spanevent.name, \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - {{ `replace_pattern(spanevent.name, "(?i)((?:authorization|cookie)[\\\\\"']*\\s*[:=]\\s*)(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[^\\r\\n]+)|((?:QWORDSQ)[\\w.-]*[\\\\\"']*\\s*[:=]\\s*)(?:(?:bearer|basic|digest|negotiate|token) +)?(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[{\\[](?s:.*)|'[^']*'?|[^\\s,;&\"'}\\]\\\\]+)", "$${1}$${2}****")` | replace "QWORDSQ" $words | toRawJson }}
{{- with .secretValues }}
        - {{ `replace_pattern(spanevent.name, "(?:QVALUEQ)", "****")` | replace "(?:QVALUEQ)" (include "linkerd-tracing.anyOfValues" .) | toRawJson }}
{{- end }}
redaction:
  allow_all_keys: true
  ignored_keys: {{ include "linkerd-tracing.ignoredKeys" . }}
  blocked_key_patterns:
    - {{ `(?i)(?:QWORDSQ)` | replace "QWORDSQ" $words | toRawJson }}
  blocked_values:
{{- range .secretValues }}
    - {{ . | replace "$" "$$" | toRawJson }}
{{- end }}
    - {{ `(?i)((?:authorization|cookie)[\\"']*\s*[:=]\s*)(?:\\+".*?\\+"|"(?:[^"\\]|\\.)*"?|[^\r\n]+)|((?:QWORDSQ)[\w.-]*[\\"']*\s*[:=]\s*)(?:(?:bearer|basic|digest|negotiate|token) +)?(?:\\+".*?\\+"|"(?:[^"\\]|\\.)*"?|[{\[](?s:.*)|'[^']*'?|[^\s,;&"'}\]\\]+)` | replace "QWORDSQ" $words | toRawJson }}
    - {{ `(?is)"[^"]*(?:QWORDSQ)[^"]*(?:[:=][^"]*"|"\s*[:,]\s*(?:"(?:[^"\\]|\\.)*"|[{\[].*|[^,}\]]+))` | replace "QWORDSQ" $words | toRawJson }}
    - "\"[^\"\\s]*/[^\"\\s?#]*[?#][^\"]*\""
    - "://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s\"'<>]*@(?:[^/?#\\s@\"'<>]*@)*|[^/?#\\s\"'<>]*@)"
  redact_all_types: true
  summary: "silent"
{{- else }}
transform/redaction:
  error_mode: "propagate"
  trace_statements:
    - context: "resource"
      statements:
        - "replace_all_patterns(resource.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(resource.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
    - context: "scope"
      statements:
        - "replace_all_patterns(scope.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(scope.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
    - context: "span"
      statements:
{{- range .queryAttributes }}
        - {{ `delete_key(span.attributes, "QQUERYQ")` | replace "QQUERYQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
{{- range .urlAttributes }}
        - {{ `replace_pattern(span.attributes["QURLQ"], "://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s\"'<>]*@(?:[^/?#\\s@\"'<>]*@)*|[^/?#\\s\"'<>]*@)", "://")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
        - {{ `replace_pattern(span.attributes["QURLQ"], "(?is)^((?:(?:[a-z][a-z0-9+.-]*:)?//)?)[^/?#]*@|(?:[?#]|%(?:25)*(?:3f|23)).*$$|(?:;|%(?:25)*3b)[^/?#]*", "$$1")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
        - "replace_all_patterns(span.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(span.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(span.name, \"(?is)(/\\\\S*?)(?:(?:[?#]|%(?:25)*(?:3f|23)).*$$|(?:;|%(?:25)*3b)[^/?#\\\\s]*)\", \"$$1\")"
        - "replace_pattern(span.name, \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_pattern(span.name, \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(span.name, \"(?i)((?:authorization|cookie)[\\\\\\\\\\\"']*\\\\s*[:=]\\\\s*)(?:\\\\\\\\+\\\".*?\\\\\\\\+\\\"|\\\"(?:[^\\\"\\\\\\\\]|\\\\\\\\.)*\\\"?|[^\\\\r\\\\n]+)\", \"$${1}$${2}****\")"
{{- with .secretValues }}
        - {{ `replace_pattern(span.name, "(?:QVALUEQ)", "****")` | replace "(?:QVALUEQ)" (include "linkerd-tracing.anyOfValues" .) | toRawJson }}
{{- end }}
        - "replace_pattern(span.status.message, \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_pattern(span.status.message, \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(span.status.message, \"(?i)((?:authorization|cookie)[\\\\\\\\\\\"']*\\\\s*[:=]\\\\s*)(?:\\\\\\\\+\\\".*?\\\\\\\\+\\\"|\\\"(?:[^\\\"\\\\\\\\]|\\\\\\\\.)*\\\"?|[^\\\\r\\\\n]+)\", \"$${1}$${2}****\")"
{{- with .secretValues }}
        - {{ `replace_pattern(span.status.message, "(?:QVALUEQ)", "****")` | replace "(?:QVALUEQ)" (include "linkerd-tracing.anyOfValues" .) | toRawJson }}
{{- end }}
{{- if eq .links "remove" }}
        - "set(span.links, nil)"
{{- end }}
    - context: "spanevent"
      statements:
{{- range .queryAttributes }}
        - {{ `delete_key(spanevent.attributes, "QQUERYQ")` | replace "QQUERYQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
{{- range .urlAttributes }}
        - {{ `replace_pattern(spanevent.attributes["QURLQ"], "://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s\"'<>]*@(?:[^/?#\\s@\"'<>]*@)*|[^/?#\\s\"'<>]*@)", "://")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
        - {{ `replace_pattern(spanevent.attributes["QURLQ"], "(?is)^((?:(?:[a-z][a-z0-9+.-]*:)?//)?)[^/?#]*@|(?:[?#]|%(?:25)*(?:3f|23)).*$$|(?:;|%(?:25)*3b)[^/?#]*", "$$1")` | replace "QURLQ" (. | replace "$" "$$" | toRawJson | trimPrefix "\"" | trimSuffix "\"") | toRawJson }}
{{- end }}
        - "replace_all_patterns(spanevent.attributes, \"value\", \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_all_patterns(spanevent.attributes, \"value\", \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(spanevent.name, \"://(?:[^/@?#\\\\s:\\\\[]*:[0-9]*[^0-9/?#\\\\s@][^@\\\\s\\\"'<>]*@(?:[^/?#\\\\s@\\\"'<>]*@)*|[^/?#\\\\s\\\"'<>]*@)\", \"://\")"
        - "replace_pattern(spanevent.name, \"(/[^\\\\s?#\\\"'<>]*)[?#][^\\\\s\\\"'<>]*\", \"$$1\")"
        - "replace_pattern(spanevent.name, \"(?i)((?:authorization|cookie)[\\\\\\\\\\\"']*\\\\s*[:=]\\\\s*)(?:\\\\\\\\+\\\".*?\\\\\\\\+\\\"|\\\"(?:[^\\\"\\\\\\\\]|\\\\\\\\.)*\\\"?|[^\\\\r\\\\n]+)\", \"$${1}$${2}****\")"
{{- with .secretValues }}
        - {{ `replace_pattern(spanevent.name, "(?:QVALUEQ)", "****")` | replace "(?:QVALUEQ)" (include "linkerd-tracing.anyOfValues" .) | toRawJson }}
{{- end }}
redaction:
  allow_all_keys: true
  ignored_keys: {{ include "linkerd-tracing.ignoredKeys" . }}
  blocked_key_patterns: []
  blocked_values:
{{- range .secretValues }}
    - {{ . | replace "$" "$$" | toRawJson }}
{{- end }}
    - "(?i)((?:authorization|cookie)[\\\\\"']*\\s*[:=]\\s*)(?:\\\\+\".*?\\\\+\"|\"(?:[^\"\\\\]|\\\\.)*\"?|[^\\r\\n]+)"
    - "\"[^\"\\s]*/[^\"\\s?#]*[?#][^\"]*\""
    - "://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s\"'<>]*@(?:[^/?#\\s@\"'<>]*@)*|[^/?#\\s\"'<>]*@)"
  redact_all_types: true
  summary: "silent"
{{- end }}
{{- end }}

{{- define "linkerd-tracing.kubernetesAttributes" -}}
k8s_attributes:
  auth_type: serviceAccount
  extract:
    metadata:
      - k8s.namespace.name
      - k8s.pod.name
      - k8s.pod.uid
      - k8s.node.name
      - k8s.deployment.name
      - k8s.statefulset.name
      - k8s.daemonset.name
      - k8s.job.name
      - k8s.cronjob.name
  pod_association:
    - sources:
        - from: resource_attribute
          name: k8s.pod.uid
    - sources:
        - from: resource_attribute
          name: k8s.pod.ip
  wait_for_metadata: false
  watch_sync_period: 0s
{{- end }}

{{- define "linkerd-tracing.errorPolicies" -}}
- name: errors
  type: status_code
  status_code:
    status_codes:
      - ERROR
- name: failed-responses
  type: ottl_condition
  ottl_condition:
    error_mode: ignore
    span:
      - IsMatch(span.attributes["http.response.status_code"], "^5[0-9][0-9]$$")
      - IsMatch(span.attributes["http.status_code"], "^5[0-9][0-9]$$")
      - IsMatch(span.attributes["rpc.grpc.status_code"], "^(2|4|12|13|14|15)$$")
{{- end }}

{{- define "linkerd-tracing.validations" -}}
- expression: object.metadata.name in ["linkerd-collector-injector-webhook-config","linkerd-tracing-injector-webhook-config"]
  message: linkerd-tracing-injector may change caBundle only, not the configurations of others
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.name) ? [w.name] : []) == oldObject.webhooks.map(w, has(w.name) ? [w.name] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].name
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.clientConfig.service) ? [w.clientConfig.service] : []) == oldObject.webhooks.map(w, has(w.clientConfig.service) ? [w.clientConfig.service] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].clientConfig.service
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.clientConfig.url) ? [w.clientConfig.url] : []) == oldObject.webhooks.map(w, has(w.clientConfig.url) ? [w.clientConfig.url] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].clientConfig.url
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.rules) ? [w.rules] : []) == oldObject.webhooks.map(w, has(w.rules) ? [w.rules] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].rules
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.failurePolicy) ? [w.failurePolicy] : []) == oldObject.webhooks.map(w, has(w.failurePolicy) ? [w.failurePolicy] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].failurePolicy
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.matchPolicy) ? [w.matchPolicy] : []) == oldObject.webhooks.map(w, has(w.matchPolicy) ? [w.matchPolicy] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].matchPolicy
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.namespaceSelector) ? [w.namespaceSelector] : []) == oldObject.webhooks.map(w, has(w.namespaceSelector) ? [w.namespaceSelector] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].namespaceSelector
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.objectSelector) ? [w.objectSelector] : []) == oldObject.webhooks.map(w, has(w.objectSelector) ? [w.objectSelector] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].objectSelector
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.sideEffects) ? [w.sideEffects] : []) == oldObject.webhooks.map(w, has(w.sideEffects) ? [w.sideEffects] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].sideEffects
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.timeoutSeconds) ? [w.timeoutSeconds] : []) == oldObject.webhooks.map(w, has(w.timeoutSeconds) ? [w.timeoutSeconds] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].timeoutSeconds
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.admissionReviewVersions) ? [w.admissionReviewVersions] : []) == oldObject.webhooks.map(w, has(w.admissionReviewVersions) ? [w.admissionReviewVersions] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].admissionReviewVersions
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.reinvocationPolicy) ? [w.reinvocationPolicy] : []) == oldObject.webhooks.map(w, has(w.reinvocationPolicy) ? [w.reinvocationPolicy] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].reinvocationPolicy
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.matchConditions) ? [w.matchConditions] : []) == oldObject.webhooks.map(w, has(w.matchConditions) ? [w.matchConditions] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].matchConditions
  reason: Forbidden
- expression: "(has(object.metadata.labels) ? [object.metadata.labels] : []) == (has(oldObject.metadata.labels) ? [oldObject.metadata.labels] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.labels
  reason: Forbidden
- expression: "(has(object.metadata.annotations) ? [object.metadata.annotations] : []) == (has(oldObject.metadata.annotations) ? [oldObject.metadata.annotations] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.annotations
  reason: Forbidden
- expression: "(has(object.metadata.finalizers) ? [object.metadata.finalizers] : []) == (has(oldObject.metadata.finalizers) ? [oldObject.metadata.finalizers] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.finalizers
  reason: Forbidden
- expression: "(has(object.metadata.ownerReferences) ? [object.metadata.ownerReferences] : []) == (has(oldObject.metadata.ownerReferences) ? [oldObject.metadata.ownerReferences] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.ownerReferences
  reason: Forbidden
{{- end }}

{{- define "linkerd-tracing.forwardValidations" -}}
- expression: object.metadata.name in ["linkerd-collector-injector-webhook-config"]
  message: linkerd-tracing-injector may change caBundle only, not the configurations of others
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.name) ? [w.name] : []) == oldObject.webhooks.map(w, has(w.name) ? [w.name] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].name
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.clientConfig.service) ? [w.clientConfig.service] : []) == oldObject.webhooks.map(w, has(w.clientConfig.service) ? [w.clientConfig.service] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].clientConfig.service
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.clientConfig.url) ? [w.clientConfig.url] : []) == oldObject.webhooks.map(w, has(w.clientConfig.url) ? [w.clientConfig.url] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].clientConfig.url
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.rules) ? [w.rules] : []) == oldObject.webhooks.map(w, has(w.rules) ? [w.rules] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].rules
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.failurePolicy) ? [w.failurePolicy] : []) == oldObject.webhooks.map(w, has(w.failurePolicy) ? [w.failurePolicy] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].failurePolicy
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.matchPolicy) ? [w.matchPolicy] : []) == oldObject.webhooks.map(w, has(w.matchPolicy) ? [w.matchPolicy] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].matchPolicy
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.namespaceSelector) ? [w.namespaceSelector] : []) == oldObject.webhooks.map(w, has(w.namespaceSelector) ? [w.namespaceSelector] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].namespaceSelector
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.objectSelector) ? [w.objectSelector] : []) == oldObject.webhooks.map(w, has(w.objectSelector) ? [w.objectSelector] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].objectSelector
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.sideEffects) ? [w.sideEffects] : []) == oldObject.webhooks.map(w, has(w.sideEffects) ? [w.sideEffects] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].sideEffects
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.timeoutSeconds) ? [w.timeoutSeconds] : []) == oldObject.webhooks.map(w, has(w.timeoutSeconds) ? [w.timeoutSeconds] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].timeoutSeconds
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.admissionReviewVersions) ? [w.admissionReviewVersions] : []) == oldObject.webhooks.map(w, has(w.admissionReviewVersions) ? [w.admissionReviewVersions] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].admissionReviewVersions
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.reinvocationPolicy) ? [w.reinvocationPolicy] : []) == oldObject.webhooks.map(w, has(w.reinvocationPolicy) ? [w.reinvocationPolicy] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].reinvocationPolicy
  reason: Forbidden
- expression: "object.webhooks.map(w, has(w.matchConditions) ? [w.matchConditions] : []) == oldObject.webhooks.map(w, has(w.matchConditions) ? [w.matchConditions] : [])"
  message: linkerd-tracing-injector may change caBundle only, not webhooks[].matchConditions
  reason: Forbidden
- expression: "(has(object.metadata.labels) ? [object.metadata.labels] : []) == (has(oldObject.metadata.labels) ? [oldObject.metadata.labels] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.labels
  reason: Forbidden
- expression: "(has(object.metadata.annotations) ? [object.metadata.annotations] : []) == (has(oldObject.metadata.annotations) ? [oldObject.metadata.annotations] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.annotations
  reason: Forbidden
- expression: "(has(object.metadata.finalizers) ? [object.metadata.finalizers] : []) == (has(oldObject.metadata.finalizers) ? [oldObject.metadata.finalizers] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.finalizers
  reason: Forbidden
- expression: "(has(object.metadata.ownerReferences) ? [object.metadata.ownerReferences] : []) == (has(oldObject.metadata.ownerReferences) ? [oldObject.metadata.ownerReferences] : [])"
  message: linkerd-tracing-injector may change caBundle only, not metadata.ownerReferences
  reason: Forbidden
- expression: object.webhooks.filter(w, w.name != 'forward.tracing.linkerd.io').map(w, w.clientConfig) == oldObject.webhooks.filter(w, w.name != 'forward.tracing.linkerd.io').map(w, w.clientConfig)
  message: linkerd-tracing-injector may change caBundle only, not the caBundle of other entries than forward.tracing.linkerd.io
  reason: Forbidden
{{- end }}

{{- define "linkerd-tracing.notStatic" -}}
- name: not-static
  expression: "!has(object.metadata.annotations) || !('kubernetes.io/config.mirror' in object.metadata.annotations)"
{{- end }}

{{- define "linkerd-tracing.meshed" -}}
- name: not-static
  expression: "!has(object.metadata.annotations) || !('kubernetes.io/config.mirror' in object.metadata.annotations)"
- name: meshed
  expression: (has(object.spec.containers) && object.spec.containers.exists(c, c.name == 'linkerd-proxy')) || (has(object.spec.initContainers) && object.spec.initContainers.exists(c, c.name == 'linkerd-proxy'))
{{- end }}
