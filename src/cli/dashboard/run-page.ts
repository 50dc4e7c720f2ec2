import { once } from 'node:events'
import { listen } from '../../http/listen.ts'
import { parseJaegerUrl } from '../read-traces/jaeger-api.ts'
import type { Dashboard } from './dashboard.ts'
import { forwardJaeger } from './forward-jaeger.ts'
import { createJaegerWay, type JaegerWay } from './jaeger-way.ts'
import { readPageFiles } from './page-files.ts'
import { pageQuestions } from './page-questions.ts'
import { buildPageServer } from './page-server.ts'
import { createPageToken } from './page-token.ts'
import { showAddress } from './show-address.ts'

const LOOPBACK = '127.0.0.1'

/** Takes a run of `dashboard`, serves the page and says where, until it ends. Rejects with a sentence when it cannot be served. */
export async function runPage(dashboard: Dashboard): Promise<void> {
  const { context, ended } = dashboard
  const token = createPageToken()
  const jaeger = wayOf(dashboard)
  const app = buildPageServer({
    token,
    files: readPageFiles(),
    questions: pageQuestions(dashboard, jaeger),
    onFault: (error) => void context.stderr.write(`error: ${(error as Error).stack ?? String(error)}\n`),
  })
  const port = await listen(app, { host: LOOPBACK, port: dashboard.port ?? 0, flag: 'port' })
  try {
    await showAddress(dashboard, { url: `http://${LOOPBACK}:${port}/${token.text}/`, note: NOTE })
    if (!ended.aborted) await once(ended, 'abort')
  } finally {
    await app.close()
    await jaeger.ended()
  }
}

const NOTE = 'The page is there until Ctrl-C; whoever has its address sees what you may see'

function wayOf(dashboard: Dashboard): JaegerWay {
  const { jaegerUrl } = dashboard.flags
  // It becomes a link of the page.
  if (jaegerUrl !== undefined) parseJaegerUrl(jaegerUrl)
  return createJaegerWay(async (onOpen) =>
    jaegerUrl === undefined ? forwardJaeger(dashboard, { port: undefined, onOpen }) : onOpen(jaegerUrl),
  )
}
