import { coverageAnswer } from '../../src/cli/dashboard/coverage-answer.ts'
import type { CoverageReport } from '../../src/page/reports/coverage-report.ts'
import type { FiguresReport } from '../../src/page/reports/figures-report.ts'
import { type MadeWorkload, madeCoverage } from '../cli/dashboard/made-coverage.ts'
import { madeFigures, madeService } from './made-figures.ts'

const deployment = (namespace: string, name: string, pods: MadeWorkload['pods']): MadeWorkload => ({
  namespace,
  group: 'apps',
  kind: 'Deployment',
  name,
  pods,
})

const INVALID =
  'invalid-setting: Pod annotation config.linkerd.io/trace-collector "http://otel:4317" must be host:port, without a scheme'

/** A cluster in which most is well, and one thing of each kind is not. */
export function shopCoverage(): CoverageReport {
  return coverageAnswer(
    madeCoverage([
      deployment('emojivoto', 'web', { traced: 3 }),
      deployment('emojivoto', 'emoji', { traced: 2 }),
      deployment('emojivoto', 'voting', { traced: 1, missed: 1 }),
      { ...deployment('emojivoto', 'vote-bot', { invalid: 1 }), sentence: INVALID },
      deployment('emojivoto', 'legacy', { 'not-meshed': 1 }),
      deployment('linkerd', 'linkerd-destination', { traced: 3 }),
      deployment('linkerd', 'linkerd-identity', { traced: 3 }),
      deployment('linkerd-tracing', 'linkerd-collector', { 'own-component': 2 }),
      deployment('orders', 'api', { traced: 4, waiting: 2 }),
      { ...deployment('orders', 'ledger', { waiting: 1 }), kind: 'StatefulSet' },
      deployment('payments', 'gateway', { out: 2 }),
    ]),
  )
}

/** So many workloads, every fifth of them a gap; 50 in each Namespace. */
export function manyWorkloads(count: number): CoverageReport {
  const namespaceOf = (index: number) => `team-${String(Math.floor(index / 50)).padStart(2, '0')}`
  return coverageAnswer(
    madeCoverage(
      Array.from({ length: count }, (_none, index) =>
        deployment(namespaceOf(index), `service-${index}`, index % 5 === 0 ? { traced: 2, missed: 1 } : { traced: 3 }),
      ),
    ),
  )
}

/** What requests took in that shop. */
export function shopFigures(): FiguresReport {
  return madeFigures(
    [
      madeService('web', {
        namespace: 'emojivoto',
        requests: 14_210,
        errors: 31,
        p50Us: 8_200,
        inboundUs: 610,
        outboundUs: 540,
      }),
      madeService('emoji', { namespace: 'emojivoto', requests: 12_876, errors: 0, p50Us: 1_450, inboundUs: 480 }),
      madeService('voting', { namespace: 'emojivoto', requests: 1_334, errors: 212, p50Us: 2_900, inboundUs: 520 }),
      madeService('api', {
        namespace: 'orders',
        requests: 5_120,
        errors: 4,
        p50Us: 23_000,
        inboundUs: 900,
        outboundUs: 700,
      }),
      madeService('batch', { namespace: null, requests: 40, errors: 0, p50Us: 2_400_000 }),
    ],
    {
      controlPlane: [
        madeService('linkerd-destination', { namespace: 'linkerd', requests: 820, errors: 0, p50Us: 1_900 }),
        madeService('linkerd-identity', { namespace: 'linkerd', requests: 96, errors: 1, p50Us: 4_100 }),
      ],
    },
  )
}
