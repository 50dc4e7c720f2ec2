import manifest from '../../../package.json' with { type: 'json' }
import { RequestError } from '../../http/error-answers.ts'
import { FIGURES_SECONDS, type FiguresReport } from '../../page/reports/figures-report.ts'
import type { PlaceReport } from '../../page/reports/place-report.ts'
import { type Coverage, collectCoverage } from '../pod-coverage/collect-coverage.ts'
import { answerQuestion } from './answer-question.ts'
import { clusterFlags, linkerdFlags } from './cluster-flags.ts'
import { coverageAnswer } from './coverage-answer.ts'
import type { Dashboard } from './dashboard.ts'
import type { JaegerWay } from './jaeger-way.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { readFigures } from './read-figures.ts'

/** What answers a question of the page. */
export type Question = (query: URLSearchParams) => Promise<object>

/** Takes a run of the command and its way to Jaeger, gives what answers each question of the page, by its name. */
export function pageQuestions(dashboard: Dashboard, jaeger: JaegerWay): Readonly<Record<string, Question>> {
  const coverage = oneAtATime(() => answerQuestion(async () => coverageAnswer(await readCoverage(dashboard))))
  const figures = new Map(
    FIGURES_SECONDS.map((seconds) => [
      String(seconds),
      oneAtATime(() => answerQuestion(() => figuresOf(seconds, dashboard, jaeger))),
    ]),
  )
  return {
    place: () => answerQuestion(async () => placeOf(dashboard)),
    coverage,
    jaeger: () => answerQuestion(async () => ({ url: await jaeger.url() })),
    figures: (query) => {
      const answer = figures.get(query.get('seconds') ?? '')
      if (answer === undefined) throw new RequestError(400, `seconds must be one of ${FIGURES_SECONDS.join(', ')}`)
      return answer()
    },
  }
}

function placeOf({ flags, namespaces, cluster }: Dashboard): PlaceReport {
  const { version } = manifest
  const { context } = cluster
  return { version, context, namespaces, clusterFlags: clusterFlags(flags), linkerdFlags: linkerdFlags(flags) }
}

function readCoverage({ flags, namespaces, cluster }: Dashboard): Promise<Coverage> {
  const asked = namespaces.length === 0 ? undefined : [...new Set(namespaces)]
  const { linkerdNamespace } = flags
  // Of this moment: a view remembers what it has read.
  return collectCoverage({ cluster: cluster.view.renew(), linkerdNamespace, namespaces: asked })
}

async function figuresOf(seconds: number, { ended }: Dashboard, jaeger: JaegerWay): Promise<FiguresReport> {
  const jaegerUrl = await jaeger.url()
  const untilUs = Date.now() * 1_000
  return readFigures({ jaegerUrl, range: { fromUs: untilUs - seconds * 1_000_000, untilUs }, ended })
}
