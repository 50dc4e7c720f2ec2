import type { JSX } from 'preact'
import type { JaegerReport, PlaceReport } from './reports/place-report.ts'
import type { Asked } from './use-report.ts'
import { VIEWS, type ViewName } from './use-view.ts'

export interface PageHeaderProps {
  readonly view: ViewName
  readonly place: PlaceReport | undefined
  readonly jaeger: Asked<JaegerReport>
}

/** What every view has above it: which cluster this is, the other views, the way to Jaeger. */
export function PageHeader({ view, place, jaeger }: PageHeaderProps): JSX.Element {
  return (
    <header class="top">
      <p class="name">
        linkerd-tracing
        {place !== undefined && <span class="place"> {placeText(place)}</span>}
      </p>
      <nav aria-label="Views">
        <ul>
          {Object.entries(VIEWS).map(([name, title]) => (
            <li key={name}>
              <a href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
          <li>
            <JaegerLink jaeger={jaeger} />
          </li>
        </ul>
      </nav>
    </header>
  )
}

function placeText({ context, namespaces }: PlaceReport): string {
  const where = context === null ? '' : `on ${context}`
  return namespaces.length === 0 ? where : `${where}, Namespaces ${namespaces.join(', ')}`
}

function JaegerLink({ jaeger: { report, problem, isAsking, askAgain } }: { jaeger: Asked<JaegerReport> }): JSX.Element {
  if (report !== undefined && problem === undefined)
    return (
      <a href={report.url} target="_blank" rel="noreferrer">
        Jaeger<span class="hidden"> (in a new tab)</span>
      </a>
    )
  if (isAsking) return <span class="quiet">Jaeger: looking for it…</span>
  return (
    <button type="button" class="plain" onClick={askAgain} title={problem?.sentence}>
      Jaeger: not reached, try again
    </button>
  )
}
