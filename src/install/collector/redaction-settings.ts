/** What is taken out of spans before anybody else sees them. */
export interface RedactionSettings {
  readonly enabled: boolean
  /**
   * Words. An attribute, label or parameter whose name contains one is masked; case does not matter, and between the
   * parts of a word (`api-key`) there may be `-`, `_`, `.`, a space or nothing.
   */
  readonly secretNames: readonly string[]
  /** Names of attributes that stay although they contain such a word. */
  readonly keptNames: readonly string[]
  /** Attributes that hold a URL or a part of one: query, fragment, parameters and user info are cut off. */
  readonly urlAttributes: readonly string[]
  /** Attributes that hold nothing but a query or a fragment: removed. */
  readonly queryAttributes: readonly string[]
  /** Regular expressions (RE2) of values that are secrets whatever their name is. */
  readonly secretValues: readonly string[]
  /** Attributes of links cannot be redacted by a collector, so links are removed unless they are asked for. */
  readonly links: 'remove' | 'keep'
}

export const DEFAULT_REDACTION: RedactionSettings = {
  enabled: true,
  secretNames: [
    'authorization',
    'cookie',
    'password',
    'passwd',
    'passphrase',
    'pwd',
    'secret',
    'token',
    'credential',
    'bearer',
    'jwt',
    'csrf',
    'xsrf',
    'session-id',
    'api-key',
    'access-key',
    'account-key',
    'auth-key',
    'encryption-key',
    'private-key',
    'shared-key',
    'signing-key',
    'connection-string',
  ],
  // counts of what a language model read and wrote, by OpenTelemetry's conventions
  keptNames: ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'],
  // OpenTelemetry's conventions of today and before 1.21, and what OpenCensus's HTTP plugin writes
  urlAttributes: ['url.full', 'url.path', 'url.original', 'http.url', 'http.target', 'http.path'],
  queryAttributes: ['url.query', 'url.fragment', 'http.query', 'http.fragment'],
  secretValues: [
    // JSON Web Tokens: three parts of base64url, the first of which begins with {"
    'eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*',
    // the value of an Authorization header, wherever it stands
    '(?i)(?:bearer|basic|digest|negotiate) +[A-Za-z0-9._~+/=-]{8,}',
    '-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*',
    // access keys of AWS, tokens of GitHub, GitLab and Slack, by the prefixes that their makers document
    'A(?:KIA|SIA)[0-9A-Z]{16}',
    'gh[pousr]_[A-Za-z0-9]{36,}',
    'glpat-[A-Za-z0-9_-]{20,}',
    'xox[abeoprs]-[A-Za-z0-9-]{10,}',
  ],
  links: 'remove',
}
