import type { JSX } from 'preact'
import { Notes, ProblemBox } from '../problem-box.tsx'
import type { FiguresReport, ServiceReport } from '../reports/figures-report.ts'
import type { Asked } from '../use-report.ts'
import { ViewHeading } from '../view-heading.tsx'
import { ServiceSection } from './service-section.tsx'
import { WindowChoice, type WindowChoiceProps } from './window-choice.tsx'

export interface FiguresViewProps {
  readonly asked: Asked<FiguresReport>
  readonly window: WindowChoiceProps
}

/** How long requests to services took, and what their proxies added. */
export function ServicesView(props: FiguresViewProps): JSX.Element {
  return (
    <FiguresView {...props} title="Services" servicesOf={({ services }) => services} empty={NO_SERVICES} hasProxies />
  )
}

/** How long the components of Linkerd’s control plane took. */
export function ControlPlaneView(props: FiguresViewProps): JSX.Element {
  return (
    <FiguresView
      {...props}
      title="Control plane"
      servicesOf={({ controlPlane }) => controlPlane}
      empty={NO_CONTROL_PLANE}
    />
  )
}

const NO_SERVICES = {
  sentence:
    'Jaeger has no spans of services in this time. Either nothing was asked of a traced Pod, or the spans do not arrive: explain tells which.',
  commands: ['linkerd-tracing status', 'linkerd-tracing check --span'],
}
const NO_CONTROL_PLANE = {
  sentence:
    'Jaeger has no spans of the control plane in this time. Its components are traced once they are restarted after the installation, and send by the OpenCensus bridge.',
  commands: ['linkerd-tracing status linkerd', 'linkerd-tracing check'],
}

interface OneViewProps extends FiguresViewProps {
  readonly title: string
  readonly servicesOf: (report: FiguresReport) => readonly ServiceReport[]
  readonly empty: typeof NO_SERVICES
  readonly hasProxies?: boolean
}

function FiguresView({ asked, window, title, servicesOf, empty, hasProxies = false }: OneViewProps): JSX.Element {
  const { report, problem, isAsking } = asked
  const services = report === undefined ? [] : servicesOf(report)
  const isEmpty = report !== undefined && services.length === 0
  return (
    <div aria-busy={isAsking}>
      <ViewHeading title={title} asked={asked}>
        <WindowChoice {...window} />
      </ViewHeading>
      {problem !== undefined && <ProblemBox problem={problem} />}
      {report === undefined && isAsking && <p>Reading traces from Jaeger…</p>}
      {report !== undefined && <Notes notes={report.notes} />}
      {report !== undefined && services.length > 0 && <p class="quiet">{sourceOf(report)}</p>}
      {isEmpty && problem === undefined && <ProblemBox problem={empty} />}
      {services.length > 0 && <ServiceSection services={services} hasProxies={hasProxies} />}
    </div>
  )
}

/** A proxy makes spans of some requests only, and sampling keeps some of these. */
function sourceOf({ traces, spans, sinceMs, untilMs }: FiguresReport): string {
  const [since, until] = [sinceMs, untilMs].map((ms) => new Date(ms).toLocaleString())
  return `Counted are requests from ${since} to ${until} whose traces Jaeger has: ${traces} traces with ${spans} spans.`
}
