import { parseImageReference } from './image-reference.ts'
import type { InstallSettings } from './install-settings.ts'
import { isJsonObject, type JsonObject, textOf } from './json.ts'
import { isUpTo29, parseLinkerdVersion } from './linkerd-version.ts'
import { LINKERD_CONTROL_PLANE_COMPONENT } from './metadata-names.ts'
import type { ArgsChanges, ListChanges } from './pod-changes.ts'
import { PROXY_NAME } from './proxy-container.ts'
import { quote } from './quote.ts'
import type { RawPod } from './raw-pod.ts'

/** The programs of Linkerd's image `controller` that know the flag; any other exits on a flag it does not know. */
const PROGRAMS = ['destination', 'identity']
const PROGRAMS_UP_TO_29 = [...PROGRAMS, 'public-api', 'tap']

const LINKERD_CONTAINERS = [PROXY_NAME, 'linkerd-init', 'linkerd-network-validator', 'linkerd-debug']

const FLAG = '-trace-collector'
const FLAG_ALONE = /^--?trace-collector$/
const FLAG_WITH_VALUE = /^--?trace-collector=(.*)$/s

export interface ControlPlaneArgs {
  readonly args: readonly ArgsChanges[]
  readonly warnings: readonly string[]
}

export interface ControlPlaneArgsSources {
  readonly pod: RawPod
  readonly podNamespace: string
  readonly install: InstallSettings
  /** Empty when the installation has no OpenCensus bridge. */
  readonly opencensusAddress: string
}

/** What has to change in the arguments of the control plane's own programs, which speak OpenCensus only. */
export function controlPlaneArgs({
  pod,
  podNamespace,
  install,
  opencensusAddress,
}: ControlPlaneArgsSources): ControlPlaneArgs {
  const isControlPlane =
    podNamespace === install.linkerdNamespace && Object.hasOwn(pod.labels, LINKERD_CONTROL_PLANE_COMPONENT)
  const args: ArgsChanges[] = []
  const warnings: string[] = []
  for (const [index, container] of pod.containers.entries()) {
    if (!isControlPlane || !isJsonObject(container) || !knowsTheFlag(container)) continue
    const name = textOf(container, 'name') ?? ''
    if (opencensusAddress === '') {
      warnings.push(
        `container ${quote(name)} is not traced itself: the installation has no OpenCensus address (--opencensus-address)`,
      )
      continue
    }
    const { changes, replaced } = changeArgs(container['args'] as readonly unknown[], opencensusAddress)
    if (isChange(changes)) args.push({ position: { list: 'containers', index }, changes })
    warnings.push(
      ...replaced.map(
        (old) => `${FLAG} ${quote(old)} of container ${quote(name)} is replaced by "${opencensusAddress}"`,
      ),
    )
  }
  return { args, warnings }
}

function knowsTheFlag(container: JsonObject): boolean {
  const { command, args } = container
  if (LINKERD_CONTAINERS.includes(textOf(container, 'name') ?? '')) return false
  if (!isEmpty(command) || isEmpty(args) || !Array.isArray(args)) return false
  const image = parseImageReference(textOf(container, 'image') ?? '')
  const old = isUpTo29(parseLinkerdVersion(image.tag ?? ''))
  if (image.name === 'web') return old
  return image.name === 'controller' && (old ? PROGRAMS_UP_TO_29 : PROGRAMS).includes(args[0])
}

/** The API drops an empty list, so that it is as good as none. */
function isEmpty(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.length === 0)
}

interface ChangedArgs {
  readonly changes: ListChanges<string>
  /** Other collectors' addresses that gave way. */
  readonly replaced: readonly string[]
}

function changeArgs(args: readonly unknown[], address: string): ChangedArgs {
  const found = findFlags(args)
  if (found.length === 0) return { changes: { replace: [], remove: [], append: [`${FLAG}=${address}`] }, replaced: [] }
  const others = found.filter(({ old }) => old !== address)
  const replace = others.map(({ index, prefix }) => ({ index, value: prefix + address }))
  return { changes: { replace, remove: [], append: [] }, replaced: others.flatMap(({ old }) => (old ? [old] : [])) }
}

interface FoundFlag {
  /** The argument that holds the value. */
  readonly index: number
  /** What of that argument stands before the value. */
  readonly prefix: string
  readonly old: string | undefined
}

/** Finds every form that Go's flag package takes: `-x=v`, `--x=v`, `-x v`, `--x v`. */
function findFlags(args: readonly unknown[]): FoundFlag[] {
  const found: FoundFlag[] = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'string') continue
    const old = FLAG_WITH_VALUE.exec(arg)?.[1]
    if (old !== undefined) found.push({ index, prefix: arg.slice(0, arg.indexOf('=') + 1), old })
    else if (FLAG_ALONE.test(arg)) found.push(valueAfter(args, index++, arg))
  }
  return found
}

function valueAfter(args: readonly unknown[], index: number, flag: string): FoundFlag {
  const next = args[index + 1]
  // without a value after it the flag would stop the program
  return typeof next === 'string'
    ? { index: index + 1, prefix: '', old: next }
    : { index, prefix: `${flag}=`, old: undefined }
}

function isChange({ replace, append }: ListChanges<string>): boolean {
  return replace.length > 0 || append.length > 0
}
