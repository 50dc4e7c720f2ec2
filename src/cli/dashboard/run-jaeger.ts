import type { Dashboard } from './dashboard.ts'
import { forwardJaeger } from './forward-jaeger.ts'
import { showAddress } from './show-address.ts'

/** Takes a run of `dashboard --jaeger`, leads to Jaeger's page and says where, until it ends. Rejects with a sentence. */
export async function runJaeger(dashboard: Dashboard): Promise<void> {
  await forwardJaeger(dashboard, {
    port: dashboard.port,
    onOpen: (url) => showAddress(dashboard, { url, note: 'Jaeger is there until Ctrl-C' }),
  })
}
