import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ServiceReport } from '../reports/figures-report.ts'
import { ServiceDetail } from './service-detail.tsx'
import { ServiceTable } from './service-table.tsx'
import { nameOf, type SortKey, sortServices } from './sort-services.ts'

export interface ServiceSectionProps {
  readonly services: readonly ServiceReport[]
  /** Whether the services have proxies whose part is told. */
  readonly hasProxies: boolean
}

/** All services as a table, and one of them in detail. */
export function ServiceSection({ services, hasProxies }: ServiceSectionProps): JSX.Element {
  const [order, setOrder] = useState<{ key: SortKey; isDescending: boolean }>({ key: 'requests', isDescending: true })
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | undefined>()
  const rows = useMemo(() => sortServices(services, { ...order, text }), [services, order, text])
  const shown = services.find((service) => nameOf(service) === chosen) ?? rows[0]
  // A first click on a figure shows the largest, on a name the first.
  const sort = (key: SortKey): void =>
    setOrder({ key, isDescending: key === order.key ? !order.isDescending : key !== 'service' })
  return (
    <>
      <search class="filter">
        <label>
          Find
          <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
      </search>
      <p role="status">
        {rows.length} of {services.length} shown
      </p>
      <ServiceTable
        services={rows}
        hasProxies={hasProxies}
        order={order}
        onSort={sort}
        chosen={shown}
        onChoose={(service) => setChosen(nameOf(service))}
      />
      {shown !== undefined && (
        <ServiceDetail
          key={nameOf(shown)}
          service={shown}
          hasProxies={hasProxies}
          isChosen={nameOf(shown) === chosen}
        />
      )}
    </>
  )
}
