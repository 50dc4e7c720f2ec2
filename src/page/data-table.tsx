import type { ComponentChildren, JSX } from 'preact'
import { useId, useState } from 'preact/hooks'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  /** Numbers stand one below the other. */
  readonly isNumber?: boolean
  /** Rows can be sorted by it. */
  readonly onSort?: () => void
  readonly sorted?: 'ascending' | 'descending' | undefined
}

export interface DataTableProps<Row> {
  readonly caption: string
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly isChosen?: (row: Row) => boolean
  /** What was looked for: another search is shown from its first rows on. */
  readonly search?: string
}

/** Few enough to be drawn at once, and to be read. */
const SHOWN_AT_ONCE = 100

/** A table that scrolls in itself where it is wider than the page, and is shown in parts where it is long. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { caption, columns, rows, keyOf, isChosen, search } = props
  const [more, setMore] = useState({ search, rows: 0 })
  const limit = SHOWN_AT_ONCE + (more.search === search ? more.rows : 0)
  const id = useId()
  const [first, ...others] = columns
  const left = rows.length - limit
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section class="scroll" aria-labelledby={id} tabIndex={0}>
        <table>
          <caption id={id} class="hidden">
            {caption}
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeadCell key={column.title} {...column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, limit).map((row) => (
              <tr key={keyOf(row)} class={isChosen?.(row) === true ? 'chosen' : undefined}>
                <th scope="row">{first?.cell(row)}</th>
                {others.map(({ title, cell, isNumber }) => (
                  <td key={title} class={numberClass(isNumber)}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {left > 0 && (
        <button type="button" onClick={() => setMore({ search, rows: limit })}>
          Show {Math.min(left, SHOWN_AT_ONCE)} more of {left}
        </button>
      )}
    </>
  )
}

function HeadCell<Row>({ title, isNumber, onSort, sorted }: Column<Row>): JSX.Element {
  return (
    <th scope="col" class={numberClass(isNumber)} aria-sort={sorted}>
      {onSort === undefined ? (
        title
      ) : (
        <button type="button" class="sort" onClick={onSort}>
          {title}
        </button>
      )}
    </th>
  )
}

function numberClass(isNumber: boolean | undefined): string | undefined {
  return isNumber === true ? 'number' : undefined
}
