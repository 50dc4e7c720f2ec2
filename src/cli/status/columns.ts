/** A cell of a table: its text, and the ANSI colour that it has on a terminal. */
export interface Cell {
  readonly text: string
  readonly colour?: number
}

const GAP = '   '

/** Takes rows of cells, gives lines in which each column begins at the same place. Pure. */
export function alignColumns(rows: readonly (readonly Cell[])[], hasColour: boolean): string[] {
  // Not Math.max(...): there may be more rows than a function takes arguments.
  const widest = (column: number) => rows.reduce((most, row) => Math.max(most, widthOf(row[column])), 0)
  const widths = (rows[0] ?? []).map((_cell, column) => widest(column))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const isLast = column === row.length - 1
        return coloured(cell, hasColour) + (isLast ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      })
      .join(GAP),
  )
}

/** Names of Kubernetes are ASCII; a sentence, whose width is less sure, stands last. */
function widthOf(cell: Cell | undefined): number {
  return cell?.text.length ?? 0
}

function coloured({ text, colour }: Cell, hasColour: boolean): string {
  return hasColour && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text
}
