import type { EnvIndex } from '../../injection/env-index.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { COLLECTOR_ADDRESS, STATUS } from '../../injection/metadata-names.ts'
import { isOptedOut } from '../../injection/opt-in.ts'
import { readPod } from '../../injection/raw-pod.ts'
import { TRACE_VARIABLES } from '../../injection/trace-variables.ts'
import { proxyOfPod } from '../check/live-pod.ts'
import { podWorkload, type WorkloadName, workloadKey } from '../pod-coverage/workload.ts'
import type { Sender, SenderAddress } from './migration-facts.ts'
import { ownAddresses } from './old-collector.ts'

export interface SenderSurroundings {
  readonly settings: InstallSettings
  readonly namespaces: ReadonlyMap<string, JsonObject>
}

/** Takes a Pod, gives what its proxy's variables say of tracing; undefined where they say nothing. Pure. */
export function senderOf(pod: JsonObject, surroundings: SenderSurroundings): Sender | undefined {
  const env = proxyOfPod(pod)?.env
  const address = textOf(env?.entriesOf(TRACE_VARIABLES.address).at(-1), 'value')
  if (env === undefined || address === undefined) return undefined
  const raw = readPod(pod)
  const isOut = !('wrongType' in raw) && isOptedOut(raw)
  const found = { address, isOurs: isOurs(pod, { address, ...surroundings }), isOptedOut: isOut }
  return { workload: podWorkload(pod), addresses: [found], doubled: doubledOf(env) }
}

function doubledOf(env: EnvIndex): string[] {
  return Object.values(TRACE_VARIABLES).filter((name) => env.placesOf(name).length > 1)
}

/** Our annotation proves nothing, but whoever writes it by hand only keeps a Pod from being restarted. */
function isOurs(pod: JsonObject, { address, settings, namespaces }: SenderSurroundings & { address: string }): boolean {
  const metadata = objectOf(pod, 'metadata')
  const annotations = objectOf(metadata, 'annotations')
  const namespace = objectOf(namespaces.get(textOf(metadata, 'namespace') ?? ''), 'metadata')
  const named = [annotations, objectOf(namespace, 'annotations')].map((one) => textOf(one, COLLECTOR_ADDRESS))
  return [...ownAddresses({ settings }), ...named].includes(address) || textOf(annotations, STATUS) !== undefined
}

/** Senders by workload: Pods of one workload are mostly alike. */
export interface SenderGroups {
  readonly add: (sender: Sender) => void
  readonly join: (middle: WorkloadName, owner: WorkloadName) => void
  readonly workloads: () => readonly WorkloadName[]
  /** In the order of Namespaces and names. */
  readonly senders: () => readonly Sender[]
}

/** Gives groups without a sender. */
export function createSenderGroups(): SenderGroups {
  const groups = new Map<string, Sender>()
  const add = ({ workload, addresses, doubled }: Sender): void => {
    const key = workloadKey(workload)
    const known = groups.get(key)
    groups.set(key, {
      workload,
      addresses: distinct([...(known?.addresses ?? []), ...addresses]),
      doubled: [...new Set([...(known?.doubled ?? []), ...doubled])].sort(),
    })
  }
  return {
    add,
    join: (middle, owner) => {
      const from = groups.get(workloadKey(middle))
      if (from === undefined) return
      groups.delete(workloadKey(middle))
      add({ ...from, workload: owner })
    },
    workloads: () => [...groups.values()].map(({ workload }) => workload),
    senders: () => [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sender]) => sender),
  }
}

function distinct(addresses: readonly SenderAddress[]): SenderAddress[] {
  return [...new Map(addresses.map((one) => [JSON.stringify(one), one])).values()]
}
