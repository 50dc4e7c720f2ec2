import { setTimeout as pause } from 'node:timers/promises'
import type { CliContext } from '../context.ts'
import { parseGoDuration } from '../go-duration.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { type OpenedCluster, openCluster } from '../open-cluster.ts'
import { createSpanProbe } from '../traces/span-probe.ts'
import { CATEGORIES, PRE_CATEGORIES } from './categories.ts'
import { type CheckCategory, failure, success } from './check.ts'
import type { AskedFor, CheckContext } from './check-context.ts'
import { type CheckOutput, createCheckPrinter } from './print-checks.ts'
import { type CheckReport, type CheckRun, runChecks } from './run-checks.ts'
import { createWaitingLine } from './waiting-line.ts'

export interface CheckFlags extends LinkerdFlags {
  readonly output: CheckOutput
  readonly wait: string
  readonly pre?: boolean
  readonly proxy?: boolean
  readonly namespace?: string
  readonly span?: boolean
  readonly collectorUrl?: string
  readonly jaegerUrl?: string
}

/** Takes the flags of `check`, prints what each check found, gives the exit code. Throws a sentence for a flag's mistake. */
export async function runCheck(flags: CheckFlags, context: CliContext): Promise<number> {
  const waitMs = parseGoDuration(flags.wait)
  if (waitMs === undefined) throw new Error(`--wait ${flags.wait} is no duration such as 5m, 90s or 0s`)
  const { stdout, stderr, env } = context
  const printer = createCheckPrinter(flags.output, isTerminal(stdout) && (env['NO_COLOR'] ?? '') === '')
  const waiting = createWaitingLine((text) => void stderr.write(text), isTerminal(stderr))
  const report = await checkAll(flags, context, {
    waitMs,
    clock: { now: () => performance.now(), pause: (ms) => pause(ms) },
    onLine: (category, line) => {
      waiting.clear()
      stdout.write(printer.line(category, line))
    },
    onWaiting: waiting.show,
  })
  stdout.write(printer.end(report))
  return report.success ? 0 : 1
}

type HowToRun = Pick<CheckRun<unknown>, 'waitMs' | 'clock' | 'onLine' | 'onWaiting'>

async function checkAll(flags: CheckFlags, context: CliContext, how: HowToRun): Promise<CheckReport> {
  let opened: OpenedCluster
  try {
    opened = openCluster(flags, context)
  } catch (error) {
    const outcome = failure((error as Error).message)
    return runChecks({ ...how, categories: [clientCategory(outcome)], context: {}, renew: (same) => same })
  }
  const { linkerdNamespace } = flags
  const checks = flags.pre === true ? PRE_CATEGORIES : CATEGORIES
  try {
    return await runChecks<CheckContext>({
      ...how,
      categories: [clientCategory(success()), ...checks],
      context: {
        cluster: opened.view,
        linkerdNamespace,
        now: new Date(),
        openPort: opened.openPort,
        asked: askedFor(flags),
      },
      renew: (context) => ({ ...context, cluster: context.cluster.renew(), now: new Date() }),
    })
  } finally {
    opened.close()
  }
}

function askedFor({ span, proxy, namespace, collectorUrl, jaegerUrl }: CheckFlags): AskedFor {
  return {
    collectorUrl,
    jaegerUrl,
    ...(span === true && { span: createSpanProbe() }),
    ...(proxy === true && { proxies: { namespace } }),
  }
}

/** Without access to a cluster there is no context for the others. */
function clientCategory(outcome: ReturnType<typeof success>): CheckCategory<unknown> {
  const description = 'can initialize the client'
  return {
    name: 'kubernetes-api',
    checks: [{ description, hint: 'can-initialize-the-client', isFatal: true, run: async () => outcome }],
  }
}

function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true
}
