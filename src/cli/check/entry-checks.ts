import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { type Manifest, webhookConfigurations } from '../../install/webhook-configurations.ts'
import { type Check, type CheckOutcome, failureUnlessEmpty, warning } from './check.ts'
import { type CheckContext, CONFIGURATIONS } from './check-context.ts'
import { type Difference, differences } from './differences.ts'
import { entriesOf, entryNamed, nameOf } from './entries.ts'
import { demandLayout } from './installed-layout.ts'
import { APPLY_AGAIN } from './wanted-objects.ts'

/** Our webhook configurations and their entries, compared with those that `install` makes. */
export const ENTRY_CHECKS: readonly Check<CheckContext>[] = [
  {
    description: 'webhook configurations exist',
    hint: 'webhook-configurations-exist',
    run: (context) =>
      overConfigurations(context, (wanted, live) => (live === undefined ? [`${nameOf(wanted)} is missing`] : [])),
  },
  {
    description: 'webhook configurations have their entries',
    hint: 'webhook-configurations-have-their-entries',
    run: (context) =>
      overConfigurations(context, (wanted, live) => {
        if (live === undefined) return []
        const [should, are] = [wanted, live].map((one) =>
          entriesOf(one)
            .map((entry) => textOf(entry, 'name'))
            .join(', '),
        )
        return should === are
          ? []
          : [`${nameOf(wanted)} has ${are || 'no entry'}; it should have, in this order: ${should}`]
      }),
  },
  {
    description: 'webhook entries fail open',
    hint: 'webhook-entries-fail-open',
    run: (context) =>
      overEntries(
        context,
        ({ path }) => path === 'failurePolicy',
        'a Pod would be refused whenever the injector is away',
      ),
  },
  {
    description: 'webhook entries are as installed',
    hint: 'webhook-entries-are-as-installed',
    run: async (context) => {
      const outcome = await overEntries(context, (one) => one.path !== 'failurePolicy' && !isHarmless(one))
      return outcome.result === 'success' ? asWarning(await overEntries(context, isHarmless)) : outcome
    },
  },
]

type Compare = (wanted: Manifest, live: JsonObject | undefined) => readonly string[]

async function overConfigurations(context: CheckContext, compare: Compare): Promise<CheckOutcome> {
  const wanted = webhookConfigurations(await demandLayout(context))
  const live = await Promise.all(wanted.map((one) => context.cluster.get(CONFIGURATIONS, nameOf(one))))
  const problems = wanted.flatMap((one, index) => compare(one, live[index]))
  return failureUnlessEmpty(problems.length === 0 ? [] : [...problems, APPLY_AGAIN])
}

/** Compares what is in both; an entry that is missing has been told of. */
function overEntries(context: CheckContext, isMeant: (one: Difference) => boolean, so?: string): Promise<CheckOutcome> {
  return overConfigurations(context, (wanted, live) =>
    entriesOf(wanted).flatMap((entry) => {
      const name = textOf(entry, 'name') ?? ''
      const found = entryNamed(live, name)
      if (found === undefined) return []
      const told = differences(withoutPort(entry), found).filter(isMeant)
      return told.map(({ path, how }) => `${name}: ${path} ${how}${so === undefined ? '' : `: ${so}`}`)
    }),
  )
}

/** The port belongs to the Service, and is looked at beside it. */
function withoutPort(entry: JsonObject): JsonObject {
  const clientConfig = objectOf(entry, 'clientConfig')
  const { port: _port, ...service } = objectOf(clientConfig, 'service') ?? {}
  return { ...entry, clientConfig: { ...clientConfig, service } }
}

function isHarmless({ path }: Difference): boolean {
  return path === 'timeoutSeconds' || path === 'matchPolicy'
}

function asWarning(outcome: CheckOutcome): CheckOutcome {
  return outcome.result === 'error' ? warning(outcome.because) : outcome
}
