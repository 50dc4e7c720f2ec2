import { readPageFiles } from '../../src/cli/dashboard/page-files.ts'
import { buildPageServer, type PageServerOptions } from '../../src/cli/dashboard/page-server.ts'
import { createPageToken } from '../../src/cli/dashboard/page-token.ts'
import type { Answer } from '../../src/page/reports/answer.ts'
import type { CoverageReport } from '../../src/page/reports/coverage-report.ts'
import type { FiguresReport } from '../../src/page/reports/figures-report.ts'
import type { JaegerReport, PlaceReport } from '../../src/page/reports/place-report.ts'

/** What the page is answered; to be changed at will. */
export interface Answers {
  /** A promise: while it is read. */
  coverage: Answer<CoverageReport> | Promise<Answer<CoverageReport>>
  figures: Answer<FiguresReport>
  place: Answer<PlaceReport>
  jaeger: Answer<JaegerReport>
}

export interface ServedPage {
  readonly url: string
  readonly answers: Answers
  /** Each question so far, with what stood behind it: `figures seconds=900`. */
  readonly asked: string[]
  /** From now on every answer is a fault. */
  readonly breakDown: () => void
  readonly close: () => Promise<void>
}

/** Serves the page that is in a folder by its own server, with answers that were made beforehand. */
export async function servePage(answers: Pick<Answers, 'coverage' | 'figures'>, folder: string): Promise<ServedPage> {
  const token = createPageToken()
  const asked: string[] = []
  let isBroken = false
  const all: Answers = {
    place: { report: { version: '0.0.0', context: 'kind-shop', namespaces: [], clusterFlags: '', linkerdFlags: '' } },
    jaeger: { report: { url: 'http://127.0.0.1:16686/jaeger' } },
    ...answers,
  }
  const questions: PageServerOptions['questions'] = Object.fromEntries(
    (['coverage', 'figures', 'place', 'jaeger'] as const).map((name) => [
      name,
      async (query) => {
        if (isBroken) throw new TypeError('a fault of the program')
        asked.push(`${name} ${query}`.trim())
        return all[name]
      },
    ]),
  )
  const app = buildPageServer({ token, files: readPageFiles(folder), questions, onFault: () => {} })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `${address}/${token.text}/`,
    answers: all,
    asked,
    breakDown: () => {
      isBroken = true
    },
    close: () => app.close(),
  }
}
