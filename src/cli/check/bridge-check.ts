import { type CheckOutcome, failureForNow, omitted, success, warning } from './check.ts'
import { type ComponentState, templateContainer } from './component-state.ts'
import type { InjectorArguments } from './injector-arguments.ts'
import { containerStatus, podReadiness } from './pod-readiness.ts'

const BRIDGE = 'bridge'

/**
 * Takes the collector and what the injector is told, gives whether each of the collector's Pods has a bridge that is ready.
 * The control plane's own components are told to send to it, unless the injector's `--opencensus-address` says otherwise. Pure.
 */
export function bridgeOutcome({ deployment, namespace, pods }: ComponentState, said: InjectorArguments): CheckOutcome {
  const address = said('opencensus-address')
  if (templateContainer(deployment, BRIDGE) === undefined) return address === undefined ? warning(NO_BRIDGE) : omitted()
  const bridges = pods.map((pod) => ({ ...podReadiness(pod), isBridgeReady: isBridgeReady(pod) }))
  const unready = bridges.filter((pod) => !pod.isBridgeReady)
  if (unready.length === 0 && pods.length > 0) return success()
  const names = unready.map(
    ({ name, obstacle }) => `Pod ${namespace}/${name} ${obstacle ?? 'has a bridge that is not ready'}`,
  )
  return failureForNow([...(unready.length === pods.length ? [NONE] : []), ...names].join('\n'))
}

const NONE = 'no bridge is ready for the spans of the control plane’s components'

function isBridgeReady(pod: Parameters<typeof containerStatus>[0]): boolean {
  return containerStatus(pod, BRIDGE)?.['ready'] === true
}

const NO_BRIDGE =
  'the collector’s Pods have no bridge, and the injector tells the control plane’s components to send there; its flag --opencensus-address= (empty) ends that'
