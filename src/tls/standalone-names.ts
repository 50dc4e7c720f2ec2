/**
 * The subject of the CA that `serve` makes for itself. By this name it knows its own certificates again, so no other CA
 * may have it: those of `certs generate` and of the mode self-managed have a random end behind it.
 */
export const STANDALONE_CA = 'linkerd-tracing CA'
