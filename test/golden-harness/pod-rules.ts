/**
 * What must hold of any Pod after our patch, written from the specification and from what the real proxy refuses,
 * with no use of the implementation's own rules.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { containerNamed, containersOf, type EnvEntry, envOf, mountsOf, type Raw, volumesOf } from './raw-pod.ts'

export const TRACE = 'LINKERD2_PROXY_TRACE_'
export const ADDR = `${TRACE}COLLECTOR_SVC_ADDR`
export const NAME = `${TRACE}COLLECTOR_SVC_NAME`
export const PROTOCOL = `${TRACE}PROTOCOL`
export const SERVICE_NAME = `${TRACE}SERVICE_NAME`
export const ATTRIBUTES_PATH = `${TRACE}ATTRIBUTES_PATH`
export const EXTRA_ATTRIBUTES = `${TRACE}EXTRA_ATTRIBUTES`
export const OURS = [ADDR, NAME, PROTOCOL, SERVICE_NAME, ATTRIBUTES_PATH, EXTRA_ATTRIBUTES]

/** Everything that is wrong with a patched Pod beside the Pod that it was; empty when nothing is. */
export function faultsOf(before: unknown, after: unknown): string[] {
  return [...newDuplicates(before, after), ...strayMounts(before, after), ...proxyFaults(before, after)]
}

function repeated(items: unknown[]): unknown[] {
  return items.filter((item, index) => items.indexOf(item) !== index)
}

/** `/a/b`, `a/b` and `/a/b/` are one place in the container. */
export function normalPath(path: unknown): unknown {
  return typeof path === 'string' ? `/${path.split('/').filter(Boolean).join('/')}` : path
}

function newDuplicates(before: unknown, after: unknown): string[] {
  const faults = repeated(volumesOf(after).map((volume) => volume['name']))
    .filter((name) => !repeated(volumesOf(before).map((volume) => volume['name'])).includes(name))
    .map((name) => `volume ${name} twice`)
  const old = containersOf(before)
  for (const [index, container] of containersOf(after).entries()) {
    const paths = (c: Raw): unknown[] => mountsOf(c).map((mount) => normalPath(mount.mountPath))
    const was = repeated(paths(old[index] ?? {}))
    faults.push(
      ...repeated(paths(container))
        .filter((path) => !was.includes(path))
        .map((path) => `path ${path} twice`),
    )
  }
  return faults
}

function strayMounts(before: unknown, after: unknown): string[] {
  const volumes = volumesOf(after).map((volume) => volume['name'])
  const old = containersOf(before)
  return containersOf(after).flatMap((container, index) => {
    const added = mountsOf(container).slice(mountsOf(old[index] ?? {}).length)
    return added.filter((m) => !volumes.includes(m.name)).map((m) => `mount ${m.mountPath} of no volume`)
  })
}

function proxyFaults(before: unknown, after: unknown): string[] {
  const env = envOf(containerNamed(after, 'linkerd-proxy'))
  const old = envOf(containerNamed(before, 'linkerd-proxy'))
  const names = env.map((entry) => entry.name)
  return [
    ...OURS.filter((name) => names.filter((n) => n === name).length > 1).map((name) => `${name} twice`),
    ...OURS.flatMap((name) => {
      const entry = env.find((e) => e.name === name)
      const isOld = old.some((e) => e.name === name && JSON.stringify(e) === JSON.stringify(entry))
      return entry && !isOld && typeof entry.value !== 'string' ? [`${name} has no text`] : []
    }),
    ...collectorFaults(env),
    ...referenceFaults(env, old),
    ...sizeFaults(env, old),
  ]
}

function collectorFaults(env: EnvEntry[]): string[] {
  const address = env.find((entry) => entry.name === ADDR)?.value
  const name = env.find((entry) => entry.name === NAME)
  if (typeof address !== 'string') return [`${ADDR} is not a text`]
  const faults = isProxyAddress(address) ? [] : [`the proxy exits on ${ADDR}=${JSON.stringify(address)}`]
  if (name === undefined) return isLoopback(address) ? faults : [...faults, `${ADDR} without ${NAME}`]
  if (typeof name.value !== 'string' || !isProxyName(name.value)) {
    faults.push(`the proxy exits on ${NAME}=${JSON.stringify(name.value)}`)
  }
  return faults
}

/** The proxy's own test of a DNS name; one trailing dot is allowed. */
export function isProxyName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  const labels = name.split('.')
  const isLabel = (label: string): boolean => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label)
  return name.length <= 253 && labels.every(isLabel) && !/^[0-9]+$/.test(labels.at(-1) ?? '')
}

/** `host:port` or `ip:port`; a port of 0 and signs start the proxy, and are refused by us all the same. */
export function isProxyAddress(text: string): boolean {
  const match = /^(.+):([0-9]{1,5})$/.exec(text)
  const [, host, port] = match ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) return false
  if (host.startsWith('[')) return host.endsWith(']') && !host.includes('%') && isIPv6(host.slice(1, -1))
  return isIPv4(host) || isProxyName(host)
}

/** An address beside which the proxy starts without a NAME. */
export function isLoopback(address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(':'))
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '[::1]' || host.toLowerCase() === 'localhost.'
}

/** What the kubelet would look up in a value: `$$` is a literal `$`. */
export function referencesIn(value: string): string[] {
  return [...value.matchAll(/\$\$|\$\(([^)]*)\)/g)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]))
}

/** A reference to what stands nowhere in the list may be there already; ours, and those to later variables, may not. */
function referenceFaults(env: EnvEntry[], old: EnvEntry[]): string[] {
  const names = env.map((entry) => entry.name)
  return OURS.flatMap((name) => {
    const index = names.indexOf(name)
    const value = env[index]?.value
    if (typeof value !== 'string') return []
    const kept = old.flatMap((entry) => (entry.name === name && typeof entry.value === 'string' ? [entry.value] : []))
    const own = new Set(kept.flatMap(referencesIn))
    const earlier = names.slice(0, index)
    return referencesIn(value)
      .filter((reference) => reference !== name && !earlier.includes(reference))
      .filter((reference) => !own.has(reference) || names.includes(reference))
      .map((reference) => `${name} refers to ${reference}, which does not stand before it`)
  })
}

/** C0 and DEL. */
function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}

/** Bytes of what an annotation said, before each `$` of it was doubled. */
function bytes(text: string): number {
  return Buffer.byteLength(text.replaceAll('$$', () => '$'))
}

function sizeFaults(env: EnvEntry[], old: EnvEntry[]): string[] {
  return [...serviceNameFaults(env), ...attributeFaults(env, old)]
}

function serviceNameFaults(env: EnvEntry[]): string[] {
  const service = env.find((entry) => entry.name === SERVICE_NAME)?.value
  if (typeof service !== 'string') return []
  return [
    ...(bytes(service) > 256 ? [`${SERVICE_NAME} above 256 bytes`] : []),
    ...(hasControl(service) ? [`${SERVICE_NAME} with control characters`] : []),
  ]
}

const OUR_LINES = [
  'k8s.pod.uid=$(_pod_uid)',
  'k8s.pod.ip=$(_pod_ip)',
  'k8s.pod.name=$(_pod_name)',
  'k8s.namespace.name=$(_pod_ns)',
  'k8s.node.name=$(_pod_nodeName)',
  'k8s.container.name=linkerd-proxy',
]
const RESERVED = [...OUR_LINES.map((line) => line.replace(/=.*/, '')), 'service.name']

/** Blanks do not make another key: a reader may trim them. */
function isKey(line: string, key: string): boolean {
  return line.split('=')[0]?.trim() === key
}

function attributeFaults(env: EnvEntry[], old: EnvEntry[]): string[] {
  const extra = env.find((entry) => entry.name === EXTRA_ATTRIBUTES)?.value
  if (typeof extra !== 'string') return []
  // What was there stays, however large and whatever it says; the rules are for what we add.
  const texts = old.filter((entry) => entry.name === EXTRA_ATTRIBUTES).map((entry) => entry.value)
  const was = texts.flatMap((text) => (typeof text === 'string' ? text.split('\n') : []))
  const effective = texts.at(-1)
  const lines = extra.split('\n')
  const lost = typeof effective === 'string' && !extra.includes(effective)
  // A reference of a duplicate that was never closed may be escaped: to the kubelet that is the same.
  const isOld = (line: string) => was.includes(line) || was.includes(line.replaceAll('$$(', () => '$('))
  const added = lines.filter((line) => !isOld(line))
  const forged = added.filter((line) => RESERVED.some((key) => isKey(line, key)) && !OUR_LINES.includes(line))
  // Whether key and `=` count as part of the 1 KiB is left open here: a key has at most 63 characters.
  const isLong = added.some((line) => bytes(line) > 1024 + 64)
  return [
    ...(lost ? [`what was in ${EXTRA_ATTRIBUTES} is gone`] : []),
    ...forged.map((line) => `a forged attribute: ${JSON.stringify(line)}`),
    ...repeated(added.map((line) => line.split('=')[0])).map((key) => `attribute ${key} twice`),
    ...(isLong ? ['an attribute above 1 KiB'] : []),
    // The six of ours have less than 256 bytes together.
    ...(bytes(added.join('\n')) > 8192 + 256 ? ['attributes above 8 KiB'] : []),
    ...(added.some(hasControl) ? ['attributes with control characters'] : []),
  ]
}
