import type { ServiceFigures } from '../../spans/service-figures.ts'

/** What a row of `stat` is about. */
export const STAT_GROUPS = ['service', 'route'] as const
export type StatGroup = (typeof STAT_GROUPS)[number]

/** What the rows can be sorted by. */
export const STAT_ORDERS = ['name', 'requests', 'errors', 'p50', 'p95', 'p99'] as const
export type StatOrder = (typeof STAT_ORDERS)[number]

const FIGURES: Readonly<Record<Exclude<StatOrder, 'name'>, (row: ServiceFigures) => number>> = {
  requests: ({ requests }) => requests,
  errors: ({ errors }) => errors,
  p50: ({ p50Us }) => p50Us,
  p95: ({ p95Us }) => p95Us,
  p99: ({ p99Us }) => p99Us,
}

/** Takes rows in the order of their names, gives them in another order: of figures the largest first. Pure. */
export function inStatOrder(rows: readonly ServiceFigures[], order: StatOrder): readonly ServiceFigures[] {
  if (order === 'name') return rows
  // Where no request has a duration there is no percentile, and it comes last.
  const figure = (row: ServiceFigures) => FIGURES[order](row) || -1
  return rows.toSorted((a, b) => figure(b) - figure(a))
}
