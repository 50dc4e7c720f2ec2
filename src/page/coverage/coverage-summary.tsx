import type { JSX } from 'preact'
import { CopyCommand } from '../copy-command.tsx'
import type { CoverageReport, StateCount } from '../reports/coverage-report.ts'

/** The one figure, and what it is made of. */
export function CoverageSummary({ report }: { readonly report: CoverageReport }): JSX.Element {
  const { coveragePercent, states } = report
  return (
    <section aria-labelledby="summary" class="summary">
      <h2 id="summary" class="hidden">
        Summary
      </h2>
      {coveragePercent === null ? <NothingToTrace report={report} /> : <Percent percent={coveragePercent} />}
      <ul class="states">
        {states.map((state) => (
          <State key={state.state} {...state} />
        ))}
      </ul>
    </section>
  )
}

function Percent({ percent }: { readonly percent: number }): JSX.Element {
  return (
    <p class="percent">
      <strong>{percent}%</strong> of the Pods that should be traced are
    </p>
  )
}

function NothingToTrace({ report }: { readonly report: CoverageReport }): JSX.Element {
  if (!report.isInstalled)
    return (
      <div>
        <p>Nothing is traced until linkerd-tracing is installed:</p>
        <CopyCommand command="linkerd-tracing install | kubectl apply -f -" />
      </div>
    )
  return (
    <div>
      <p>No Pod is to be traced yet. A Namespace is opted in by:</p>
      <CopyCommand command="linkerd-tracing enable NAMESPACE --restart" />
    </div>
  )
}

function State({ state, pods, meaning, isGap }: StateCount): JSX.Element {
  return (
    <li class={`state ${isGap ? 'gap' : state}`}>
      <strong>
        {pods} {state}
      </strong>{' '}
      <span>{meaning}</span>
    </li>
  )
}
