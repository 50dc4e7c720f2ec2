import { parseCollectorAddress } from '../../injection/collector-address.ts'
import { COLLECTOR, COLLECTOR_HEADLESS } from '../../install/object-names.ts'
import type { Coverage } from '../pod-coverage/collect-coverage.ts'
import { restartAdvice } from '../pod-coverage/restart-advice.ts'
import type { WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'

/**
 * Takes what became of all Pods and our namespace, gives what to tell of those that send spans to the collector in it, line by
 * line: once it is gone they send in vain, until they are made anew. Pure.
 */
export function remainingLines({ namespaces }: Pick<Coverage, 'namespaces'>, ownNamespace: string): string[] {
  const remaining = namespaces
    .flatMap(({ workloads }) => workloads)
    .filter((workload) => pointsAt(workload, ownNamespace))
  if (remaining.length === 0) return []
  const { commands, sentences } = restartAdvice(remaining)
  const many = remaining.length === 1 ? '1 workload sends' : `${remaining.length} workloads send`
  return [
    `${many} spans to the collector in ${ownNamespace}, in vain once it is gone; restart them after that:`,
    ...commands.map((command) => `  ${command}`),
    ...sentences.map((sentence) => `  ${sentence}`),
  ]
}

/** A host of one label is that of a Service in the Pod's own Namespace. */
function pointsAt({ namespace, collectors }: WorkloadCoverage, ownNamespace: string): boolean {
  return collectors.some((collector) => {
    const address = parseCollectorAddress(collector)
    if ('rule' in address || address.kind !== 'name') return false
    const [service = '', place = namespace, svc = 'svc'] = address.host.split('.')
    return [COLLECTOR, COLLECTOR_HEADLESS].includes(service) && place === ownNamespace && svc === 'svc'
  })
}
