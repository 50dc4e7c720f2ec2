import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../data-table.tsx'
import type { CoverageReport, WorkloadRow } from '../reports/coverage-report.ts'
import { ShownName } from '../shown-name.tsx'
import { AdviceCell } from './advice-cell.tsx'
import { filterWorkloads, type WorkloadFilter } from './filter-workloads.ts'

export interface WorkloadSectionProps {
  readonly report: CoverageReport
  readonly filter: WorkloadFilter
  readonly onFilter: (filter: WorkloadFilter) => void
}

const COLUMNS: readonly Column<WorkloadRow>[] = [
  { title: 'Workload', cell: ({ workload }) => <ShownName name={workload} /> },
  { title: 'Namespace', cell: ({ namespace }) => <ShownName name={namespace} /> },
  { title: 'Pods', isNumber: true, cell: ({ pods }) => pods },
  { title: 'State', cell: ({ state, isGap }) => <span class={`state ${isGap ? 'gap' : state}`}>{state}</span> },
  { title: 'Why', cell: ({ sentences }) => sentences.map((sentence) => <p key={sentence}>{sentence}</p>) },
  { title: 'What to do', cell: ({ advice }) => <AdviceCell advice={advice} /> },
]

/** The workloads that are looked for, with the reason and the command for each gap. */
export function WorkloadSection({ report, filter, onFilter }: WorkloadSectionProps): JSX.Element {
  const { workloads } = report
  const rows = useMemo(() => filterWorkloads(workloads, filter), [workloads, filter])
  return (
    <section>
      <h2>Workloads</h2>
      <FilterForm report={report} filter={filter} onFilter={onFilter} />
      <p role="status">
        {rows.length} of {workloads.length} shown
      </p>
      {rows.length > 0 && (
        <DataTable
          caption="Workloads"
          columns={COLUMNS}
          rows={rows}
          keyOf={keyOf}
          search={`${filter.state} ${filter.text}`}
        />
      )}
    </section>
  )
}

function keyOf({ namespace, workload, state }: WorkloadRow): string {
  return `${namespace}/${workload}/${state}`
}

function FilterForm({ report, filter, onFilter }: WorkloadSectionProps): JSX.Element {
  // One that was chosen stays, also when no Pod is in it any more.
  const states = new Set([...report.states.map(({ state }) => state), filter.state])
  for (const other of ['gaps', 'all']) states.delete(other)
  return (
    <search class="filter">
      <label>
        Find
        <input
          type="search"
          value={filter.text}
          onInput={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
        />
      </label>
      <label>
        State
        <select
          value={filter.state}
          onChange={({ currentTarget }) => onFilter({ ...filter, state: currentTarget.value })}
        >
          <option value="gaps">gaps: should be traced, and are not</option>
          <option value="all">all</option>
          {[...states].map((state) => (
            <option key={state} value={state}>
              {state}
            </option>
          ))}
        </select>
      </label>
    </search>
  )
}
