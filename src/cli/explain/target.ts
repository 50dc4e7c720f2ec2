import { isKubernetesSubdomain } from '../../injection/dns-name.ts'
import { quote } from '../../injection/quote.ts'
import type { Collection } from '../../kubernetes/cluster-view.ts'

/** What is to be explained: a Pod, or what makes Pods. */
export interface Target {
  /** In the singular, as kubectl prints it: `deployment`. */
  readonly kind: string
  readonly name: string
  readonly collection: Omit<Collection, 'namespace'>
}

const [CORE, APPS, BATCH] = ['/api/v1', '/apis/apps/v1', '/apis/batch/v1']

interface Kind {
  readonly root: string
  readonly short: readonly string[]
}

/** By the singular; the plural is that with an s. */
const KINDS: Readonly<Record<string, Kind>> = {
  pod: { root: CORE, short: ['po'] },
  deployment: { root: APPS, short: ['deploy'] },
  statefulset: { root: APPS, short: ['sts'] },
  daemonset: { root: APPS, short: ['ds'] },
  replicaset: { root: APPS, short: ['rs'] },
  job: { root: BATCH, short: [] },
}

/** Takes `TYPE/NAME` as kubectl takes it (`deploy/web`), or a Pod's name alone, gives what is meant. Throws a sentence. Pure. */
export function parseTarget(text: string): Target {
  const [first = '', second, ...more] = text.split('/')
  const [word, name] = second === undefined ? ['pod', first] : [first.toLowerCase(), second]
  const kind = kindOf(word)
  // A Pod may be called so, and is then named with its type; whoever types this has forgotten the name.
  const isTypeAlone = second === undefined && kindOf(name) !== undefined
  if (kind === undefined || name === '' || more.length > 0 || isTypeAlone)
    throw new Error(
      `${JSON.stringify(text)} must be TYPE/NAME, with one of these types: ${Object.keys(KINDS).join(', ')}`,
    )
  if (!isKubernetesSubdomain(name))
    throw new Error(
      `${JSON.stringify(text)}: the name ${quote(name)} must have lower case letters, digits, "-" and "." only`,
    )
  return { kind, name, collection: { root: KINDS[kind]?.root ?? CORE, plural: `${kind}s` } }
}

/** By its singular, plural or short name. */
function kindOf(word: string): string | undefined {
  return Object.keys(KINDS).find((kind) => [kind, `${kind}s`, ...(KINDS[kind]?.short ?? [])].includes(word))
}

/** Takes text, gives whether it is such a target. Pure. */
export function isTarget(text: string): boolean {
  try {
    return parseTarget(text) !== undefined
  } catch {
    return false
  }
}
