import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Notes, ProblemBox } from '../problem-box.tsx'
import type { CoverageReport } from '../reports/coverage-report.ts'
import type { Asked } from '../use-report.ts'
import { ViewHeading } from '../view-heading.tsx'
import { CoverageSummary } from './coverage-summary.tsx'
import type { WorkloadFilter } from './filter-workloads.ts'
import { NamespaceTable } from './namespace-table.tsx'
import { WorkloadSection } from './workload-section.tsx'

/** Which Pods are traced, which are not, why, and what to do about it. */
export function CoverageView({ asked }: { readonly asked: Asked<CoverageReport> }): JSX.Element {
  const { report, problem, isAsking } = asked
  return (
    <div aria-busy={isAsking}>
      <ViewHeading title="Coverage" asked={asked} />
      {problem !== undefined && <ProblemBox problem={problem} />}
      {report === undefined ? isAsking && <p>Reading the Pods of the cluster…</p> : <Coverage report={report} />}
    </div>
  )
}

function Coverage({ report }: { readonly report: CoverageReport }): JSX.Element {
  const hasGaps = report.workloads.some(({ isGap }) => isGap)
  const [filter, setFilter] = useState<WorkloadFilter>({ text: '', state: hasGaps ? 'gaps' : 'all' })
  return (
    <>
      <Notes notes={report.notes} />
      <CoverageSummary report={report} />
      <NamespaceTable namespaces={report.namespaces} onChoose={(name) => setFilter({ text: name, state: 'all' })} />
      <WorkloadSection report={report} filter={filter} onFilter={setFilter} />
    </>
  )
}
