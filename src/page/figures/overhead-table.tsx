import type { JSX } from 'preact'
import { type Column, DataTable } from '../data-table.tsx'
import type { OverheadReport, ServiceReport } from '../reports/figures-report.ts'
import { shownFigure } from './shown-figure.ts'

interface OverheadRow {
  readonly proxy: string
  readonly overhead: OverheadReport
}

/** What the proxies of a service added to its requests; a sentence where nothing is known of it. */
export function OverheadTable({ service: { inbound, outbound } }: { readonly service: ServiceReport }): JSX.Element {
  const rows: OverheadRow[] = [
    ...(inbound === null ? [] : [{ proxy: 'inbound', overhead: inbound }]),
    ...(outbound === null ? [] : [{ proxy: 'outbound', overhead: outbound }]),
  ]
  if (rows.length === 0) return <p>No spans of its proxies: what they add is not known.</p>
  return (
    <>
      <h3>What its proxies add to a request</h3>
      <DataTable
        caption="What its proxies add to a request"
        rows={rows}
        keyOf={({ proxy }) => proxy}
        columns={COLUMNS}
      />
    </>
  )
}

const COLUMNS: readonly Column<OverheadRow>[] = [
  { title: 'Proxy', cell: ({ proxy }) => proxy },
  { title: 'Requests', isNumber: true, cell: ({ overhead }) => overhead.requests },
  { title: 'p50', isNumber: true, cell: ({ overhead }) => shownFigure(overhead.p50Us) },
  { title: 'p95', isNumber: true, cell: ({ overhead }) => shownFigure(overhead.p95Us) },
  { title: 'p99', isNumber: true, cell: ({ overhead }) => shownFigure(overhead.p99Us) },
  { title: 'Withheld', cell: ({ overhead }) => withheldText(overhead) },
]

function withheldText({ withheld }: OverheadReport): string {
  return withheld.map(({ reason, requests }) => `${requests}: ${reason}`).join('; ') || 'none'
}
