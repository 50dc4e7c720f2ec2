import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { PROXY_NAME } from '../../injection/proxy-container.ts'
import { nameOf } from './entries.ts'

/** What a live Pod shows of itself. */
export interface PodReadiness {
  readonly name: string
  readonly hasProxy: boolean
  readonly isReady: boolean
  /** What keeps it from being ready, as the end of a sentence; undefined when nothing does. */
  readonly obstacle: string | undefined
}

/** Takes a live Pod, gives whether it is ready, and what keeps it from that. Pure. */
export function podReadiness(pod: JsonObject): PodReadiness {
  const hasProxy = containersOf(pod).some((container) => textOf(container, 'name') === PROXY_NAME)
  const isReady = conditionOf(pod, 'Ready')?.['status'] === 'True'
  return { name: nameOf(pod), hasProxy, isReady, obstacle: isReady ? undefined : obstacleOf(pod) }
}

/** Takes a Pod, gives its containers, native sidecars included. Pure. */
export function containersOf(pod: JsonObject): JsonObject[] {
  const spec = objectOf(pod, 'spec')
  return [...listOf(spec, 'containers'), ...listOf(spec, 'initContainers')].filter(isJsonObject)
}

/** Takes a live Pod, gives whether it is being deleted, or has come to its end. Pure. */
export function isEnding(pod: JsonObject): boolean {
  const phase = textOf(objectOf(pod, 'status'), 'phase') ?? ''
  return textOf(objectOf(pod, 'metadata'), 'deletionTimestamp') !== undefined || ['Succeeded', 'Failed'].includes(phase)
}

/** Takes a live Pod and a container's name, gives what its node says of the container; undefined when nothing. Pure. */
export function containerStatus(pod: JsonObject, name: string): JsonObject | undefined {
  const status = objectOf(pod, 'status')
  const all = [...listOf(status, 'containerStatuses'), ...listOf(status, 'initContainerStatuses')].filter(isJsonObject)
  return all.find((one) => textOf(one, 'name') === name)
}

function obstacleOf(pod: JsonObject): string {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.['status'] === 'False') return `has no node: ${textOf(scheduled, 'message') ?? 'none fits'}`
  const names = containersOf(pod).map((container) => textOf(container, 'name') ?? '')
  const [stopped] = names.flatMap((name) => stoppedBecause(name, containerStatus(pod, name)))
  if (stopped !== undefined) return stopped
  const waited = names.filter((name) => containerStatus(pod, name)?.['ready'] === false)
  return waited.length === 0 ? 'has not started yet' : `has containers that are not ready: ${waited.join(', ')}`
}

/** A container that is created, or an init container that has done its work, is on its way. */
const ON_ITS_WAY = ['ContainerCreating', 'PodInitializing', 'Completed']

function stoppedBecause(name: string, status: JsonObject | undefined): string[] {
  const state = objectOf(status, 'state')
  const reason = textOf(objectOf(state, 'waiting'), 'reason') ?? textOf(objectOf(state, 'terminated'), 'reason')
  if (reason === undefined || ON_ITS_WAY.includes(reason)) return []
  const code = exitCodeOf(status)
  return [`has a container ${name} with ${reason}${code === undefined ? '' : ` (exit code ${code})`}`]
}

/** Takes what a node says of a container, gives the code that it ended with last; undefined when it has not. Pure. */
export function exitCodeOf(status: JsonObject | undefined): number | undefined {
  const ended = [objectOf(status, 'state'), objectOf(status, 'lastState')].map((state) => objectOf(state, 'terminated'))
  const code = ended.find((one) => one !== undefined)?.['exitCode']
  return typeof code === 'number' ? code : undefined
}

function conditionOf(pod: JsonObject, type: string): JsonObject | undefined {
  const conditions = listOf(objectOf(pod, 'status'), 'conditions').filter(isJsonObject)
  return conditions.find((condition) => textOf(condition, 'type') === type)
}
