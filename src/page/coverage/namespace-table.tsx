import type { JSX } from 'preact'
import { type Column, DataTable } from '../data-table.tsx'
import type { NamespaceRow } from '../reports/coverage-report.ts'
import { cutName, ShownName } from '../shown-name.tsx'
import { AdviceCell } from './advice-cell.tsx'

export interface NamespaceTableProps {
  readonly namespaces: readonly NamespaceRow[]
  readonly onChoose: (name: string) => void
}

/** Coverage by Namespace; those that are opted in, or have something to be said of, come first. */
export function NamespaceTable({ namespaces, onChoose }: NamespaceTableProps): JSX.Element {
  const columns: Column<NamespaceRow>[] = [
    {
      title: 'Namespace',
      cell: ({ name }) => (
        <button
          type="button"
          class="plain"
          onClick={() => onChoose(name)}
          aria-label={`${cutName(name)}: show its workloads`}
        >
          <ShownName name={name} />
        </button>
      ),
    },
    { title: 'Opted in', cell: ({ optedIn }) => optedIn },
    { title: 'Coverage', isNumber: true, cell: coverageCell },
    { title: 'Pods', isNumber: true, cell: ({ pods }) => pods },
    { title: 'Traced', isNumber: true, cell: ({ traced }) => traced },
    { title: 'Gaps', isNumber: true, cell: ({ gaps }) => gaps },
    { title: 'What to do', cell: ({ advice }) => <AdviceCell advice={advice} /> },
  ]
  const rows = [...namespaces.filter(({ isOptedIn }) => isOptedIn), ...namespaces.filter(({ isOptedIn }) => !isOptedIn)]
  return (
    <section>
      <h2>Namespaces</h2>
      <DataTable caption="Coverage by Namespace" columns={columns} rows={rows} keyOf={({ name }) => name} />
    </section>
  )
}

function coverageCell({ coveragePercent }: NamespaceRow): JSX.Element | string {
  if (coveragePercent === null) return '–'
  return (
    <span class="with-bar">
      <progress max={100} value={coveragePercent} aria-hidden="true" />
      {coveragePercent}%
    </span>
  )
}
