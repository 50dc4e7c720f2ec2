import type { JSX } from 'preact'
import { type Column, DataTable } from '../data-table.tsx'
import type { PlotLines } from './plot-lines.ts'
import { shownFigure } from './shown-figure.ts'

/** The values of a plot, for who opens them. */
export function PlotTable({ title, startMs, lines }: PlotLines): JSX.Element {
  const steps = startMs.map((ms, index) => ({ ms, index }))
  const columns: Column<(typeof steps)[number]>[] = [
    { title: 'From', cell: ({ ms }) => new Date(ms).toLocaleTimeString() },
    ...lines.map(({ label, valuesUs }) => ({
      title: label,
      isNumber: true,
      cell: ({ index }: { index: number }) => shownFigure(valuesUs[index]),
    })),
  ]
  return (
    <details>
      <summary>{title}: values as a table</summary>
      <DataTable caption={`${title} over time`} columns={columns} rows={steps} keyOf={({ ms }) => String(ms)} />
    </details>
  )
}
