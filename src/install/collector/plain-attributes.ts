import { secretKey } from './redaction-patterns.ts'
import { DEFAULT_REDACTION, type RedactionSettings } from './redaction-settings.ts'

/**
 * Attributes of nearly every span, of proxies or by way of the OpenCensus bridge, whose values cannot be secrets. Not to
 * search these halves what redaction costs: an expression that ignores case takes some 100 ns for each character, of a
 * name as of a value.
 */
const PLAIN_ATTRIBUTES = [
  'direction',
  'http.method',
  'http.request.method',
  'http.response.status_code',
  'http.scheme',
  'http.status_code',
  'message.type',
  'messaging.message_id',
  'messaging.message_payload_compressed_size_bytes',
  'messaging.message_payload_size_bytes',
  'network.transport',
  'opencensus.child_span_count',
  'opencensus.same_process_as_parent_span',
  'opencensus.status_code',
  'rpc.grpc.status_code',
  'rpc.system',
  'server.address',
  'server.port',
  'url.scheme',
]

/**
 * Takes the settings, gives the attributes that need no look at their values. What somebody has added counts for these
 * too: a word that one of them has in its name; and expressions for values, which nobody but their author knows.
 */
export function plainAttributes({ secretNames, secretValues }: RedactionSettings): string[] {
  if (secretValues.some((value) => !DEFAULT_REDACTION.secretValues.includes(value))) return []
  if (secretNames.length === 0) return PLAIN_ATTRIBUTES
  // JavaScript says by a flag what RE2 says in the expression.
  const secret = new RegExp(secretKey(secretNames).replace('(?i)', ''), 'iu')
  return PLAIN_ATTRIBUTES.filter((name) => !secret.test(name))
}
