import type { JSX } from 'preact'
import { type Column, DataTable } from '../data-table.tsx'
import type { ServiceReport } from '../reports/figures-report.ts'
import { cutName, ShownName } from '../shown-name.tsx'
import { shownFigure } from './shown-figure.ts'
import { nameOf, type SortKey } from './sort-services.ts'

export interface ServiceTableProps {
  readonly services: readonly ServiceReport[]
  readonly hasProxies: boolean
  readonly order: { readonly key: SortKey; readonly isDescending: boolean }
  readonly onSort: (key: SortKey) => void
  readonly chosen: ServiceReport | undefined
  readonly onChoose: (service: ServiceReport) => void
}

type ServiceColumn = Column<ServiceReport> & { readonly key?: SortKey }

/** Each service with its figures. */
export function ServiceTable(props: ServiceTableProps): JSX.Element {
  const { services, order, onSort, chosen } = props
  const columns = columnsOf(props).map(
    ({ key, ...column }): Column<ServiceReport> =>
      key === undefined
        ? column
        : { ...column, onSort: () => onSort(key), sorted: key === order.key ? direction(order) : undefined },
  )
  return (
    <DataTable
      caption="Requests, errors and latency by service"
      columns={columns}
      rows={services}
      keyOf={nameOf}
      isChosen={(service) => service === chosen}
    />
  )
}

function direction({ isDescending }: ServiceTableProps['order']): 'ascending' | 'descending' {
  return isDescending ? 'descending' : 'ascending'
}

function columnsOf({ hasProxies, onChoose }: ServiceTableProps): ServiceColumn[] {
  return [
    {
      key: 'service',
      title: 'Service',
      cell: (service) => (
        <button
          type="button"
          class="plain"
          onClick={() => onChoose(service)}
          aria-label={`${cutName(service.service)}: show its plots`}
        >
          <ShownName name={service.service} />
        </button>
      ),
    },
    { title: 'Namespace', cell: ({ namespace }) => (namespace === null ? '–' : <ShownName name={namespace} />) },
    { key: 'requests', title: 'Requests', isNumber: true, cell: ({ requests }) => requests },
    { key: 'errors', title: 'Errors', isNumber: true, cell: errorsCell },
    { key: 'p50', title: 'p50', isNumber: true, cell: ({ latency }) => shownFigure(latency.p50Us) },
    { key: 'p95', title: 'p95', isNumber: true, cell: ({ latency }) => shownFigure(latency.p95Us) },
    { key: 'p99', title: 'p99', isNumber: true, cell: ({ latency }) => shownFigure(latency.p99Us) },
    ...(hasProxies ? PROXY_COLUMNS : []),
    {
      title: 'Traces',
      cell: ({ service, jaegerUrl }) => (
        <a
          href={jaegerUrl}
          target="_blank"
          rel="noreferrer"
          aria-label={`Traces of ${cutName(service)} in Jaeger, in a new tab`}
        >
          Jaeger
        </a>
      ),
    },
  ]
}

const PROXY_COLUMNS: readonly ServiceColumn[] = [
  {
    key: 'inbound',
    title: 'Inbound adds (p95)',
    isNumber: true,
    cell: ({ inbound }) => shownFigure(inbound?.p95Us),
  },
  {
    key: 'outbound',
    title: 'Outbound adds (p95)',
    isNumber: true,
    cell: ({ outbound }) => shownFigure(outbound?.p95Us),
  },
]

function errorsCell({ errors, requests }: ServiceReport): string {
  return errors === 0 ? '0' : `${errors} (${((errors * 100) / requests).toFixed(1)}%)`
}
