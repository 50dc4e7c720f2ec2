import type { JSX } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { Announce } from './announce.ts'
import { ClusterFlags, NO_FLAGS } from './cluster-flags.ts'
import { CoverageView } from './coverage/coverage-view.tsx'
import { ControlPlaneView, ServicesView } from './figures/figures-views.tsx'
import { PageHeader } from './page-header.tsx'
import type { CoverageReport } from './reports/coverage-report.ts'
import type { FiguresReport } from './reports/figures-report.ts'
import type { JaegerReport, PlaceReport } from './reports/place-report.ts'
import { useReport } from './use-report.ts'
import { useView } from './use-view.ts'

const MAIN = 'main'

/** All of the page. What was read once stays while one goes from view to view. */
export function App(): JSX.Element {
  const view = useView()
  const [windowSeconds, setWindow] = useState(3_600)
  const [said, say] = useState('')
  // The same sentence twice is a change to a screen reader only when it is another text.
  const announce = useCallback((text: string) => say((before) => (before === text ? `${text}\u00a0` : text)), [])
  const coverage = useReport<CoverageReport>('coverage', { isWanted: view === 'coverage', announce })
  const figures = useReport<FiguresReport>(`figures?seconds=${windowSeconds}`, {
    isWanted: view !== 'coverage',
    announce,
  })
  const place = useReport<PlaceReport>('place', { isWanted: true, announce })
  const jaeger = useReport<JaegerReport>('jaeger', { isWanted: true, announce })
  const window = { seconds: windowSeconds, onChange: setWindow }
  return (
    <Announce.Provider value={announce}>
      <a class="skip" href={`#${MAIN}`} onClick={skipToMain}>
        Skip to content
      </a>
      <PageHeader view={view} place={place.report} jaeger={jaeger} />
      <main id={MAIN} tabIndex={-1}>
        <ClusterFlags.Provider value={place.report ?? NO_FLAGS}>
          {view === 'coverage' && <CoverageView asked={coverage} />}
          {view === 'services' && <ServicesView asked={figures} window={window} />}
          {view === 'control-plane' && <ControlPlaneView asked={figures} window={window} />}
        </ClusterFlags.Provider>
      </main>
      <p class="hidden" role="status">
        {said}
      </p>
    </Announce.Provider>
  )
}

/** The address says which view is shown, so it stays. */
function skipToMain(event: Event): void {
  event.preventDefault()
  document.getElementById(MAIN)?.focus()
}
