import { MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../install/object-names.ts'
import { type Check, failureUnlessEmpty, unchecked } from './check.ts'
import { type CheckContext, CONFIGURATIONS } from './check-context.ts'
import { entriesOf, nameOf } from './entries.ts'
import { leadsToService } from './injector-service.ts'

const OWN = [MARK_CONFIGURATION, TRACE_CONFIGURATION]
const LINKERD_SERVICE = 'linkerd-proxy-injector'

/** Linkerd's own is known by where it leads to; the API server calls configurations in the order of their names. */
export const ORDER_CHECK: Check<CheckContext> = {
  description: 'webhook configurations are called before and after Linkerd’s own',
  hint: 'webhook-configurations-are-called-before-and-after-linkerds-own',
  run: async ({ cluster }) => {
    const all = (await cluster.list(CONFIGURATIONS)) ?? []
    const names = all
      .filter((one) => !OWN.includes(nameOf(one)))
      .filter((one) => entriesOf(one).some((entry) => leadsToService(entry, LINKERD_SERVICE)))
      .map(nameOf)
    if (names.length === 0) return unchecked(`no webhook configuration leads to a Service ${LINKERD_SERVICE}`)
    return failureUnlessEmpty(names.flatMap(problemsBeside))
  },
}

function problemsBeside(linkerds: string): string[] {
  const [mark, trace] = OWN as [string, string]
  return [
    ...(mark < linkerds ? [] : [`${mark} is called after ${linkerds}: the collector gets no proxy`]),
    ...(trace > linkerds ? [] : [`${trace} is called before ${linkerds}: it sees Pods without their proxy`]),
  ]
}
