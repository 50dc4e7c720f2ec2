/** RFC 1035: 63 characters a label, 253 a name. */
const MAX_NAME = 253
const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const NAME = new RegExp(`^(?:${LABEL}\\.)*${LABEL}\\.?$`)
const DIGITS_AT_THE_END = /(?:^|\.)[0-9]+\.?$/

/** What `isProxyDnsName` demands, as a sentence for the user. */
export const DNS_NAME_RULE =
  'must be a DNS name: labels of 1 to 63 letters, digits, "-" and "_", no "-" at either end, 253 in all, the last label not all digits'

/**
 * Whether the proxy takes the text for a DNS name; one trailing dot is allowed.
 * Source: linkerd-dns-name and rustls-webpki, as tried on proxy v2.366 (test/fixtures/proxy-verdicts.jsonl).
 */
export function isProxyDnsName(text: string): boolean {
  return text.length <= MAX_NAME && NAME.test(text) && !DIGITS_AT_THE_END.test(text)
}

/** The name without the dot that makes it absolute. */
export function withoutTrailingDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/** Kubernetes' names are narrower than the proxy's: RFC 1123 in lower case. */
const KUBERNETES_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Whether the text can be the name of a Namespace (RFC 1123 label). */
export function isKubernetesLabel(text: string): boolean {
  return KUBERNETES_LABEL.test(text)
}

/** Whether the text can be the name of a ServiceAccount (RFC 1123 subdomain). */
export function isKubernetesSubdomain(text: string): boolean {
  return text.length <= MAX_NAME && text.split('.').every((label) => KUBERNETES_LABEL.test(label))
}
