import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { ServiceReport, TimeSeries } from '../reports/figures-report.ts'
import { ShownName } from '../shown-name.tsx'
import { OverheadTable } from './overhead-table.tsx'
import type { PlotLines } from './plot-lines.ts'
import { TimePlot } from './time-plot.tsx'

export interface ServiceDetailProps {
  readonly service: ServiceReport
  readonly hasProxies: boolean
  /** A person has chosen it, and is led to it. */
  readonly isChosen: boolean
}

/** One service over time, and what its proxies added. */
export function ServiceDetail({ service, hasProxies, isChosen }: ServiceDetailProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (isChosen) heading.current?.focus()
  }, [isChosen])
  const { overTime } = service
  const latency = useMemo(() => latencyLines(overTime), [overTime])
  const overhead = useMemo(() => overheadLines(overTime), [overTime])
  return (
    <section aria-labelledby="detail" class="detail">
      <h2 id="detail" tabIndex={-1} ref={heading}>
        <ShownName name={service.service} />
        {service.namespace !== null && (
          <span class="quiet">
            {' in '}
            <ShownName name={service.namespace} />
          </span>
        )}
      </h2>
      <div class="plots">
        <TimePlot {...latency} />
        {hasProxies && <TimePlot {...overhead} />}
      </div>
      {hasProxies && <OverheadTable service={service} />}
    </section>
  )
}

function latencyLines({ startMs, p50Us, p95Us, p99Us }: TimeSeries): PlotLines {
  const lines = [
    { label: 'p50', valuesUs: p50Us },
    { label: 'p95', valuesUs: p95Us },
    { label: 'p99', valuesUs: p99Us },
  ]
  return { title: 'Latency', startMs, lines }
}

function overheadLines({ startMs, inboundP95Us, outboundP95Us }: TimeSeries): PlotLines {
  const lines = [
    { label: 'inbound', valuesUs: inboundP95Us },
    { label: 'outbound', valuesUs: outboundP95Us },
  ]
  return { title: 'What proxies add, at p95', startMs, lines }
}
