import type { Help } from 'commander'

const MAX_WIDTH = 100
/** Names as wide as this have their description below them: beside them there would be no room for it. */
const MAX_NAME_WIDTH = 24
const INDENT = 6

/** How help is laid out: a short name with its description beside it, a long one with its description below. */
export const HELP_LAYOUT: Partial<Help> = {
  padWidth: () => MAX_NAME_WIDTH,
  // Commander’s 40 would leave a terminal of 60 columns unwrapped.
  minWidthToWrap: 20,
  formatItem(...[term, termWidth, description, helper]: Parameters<Help['formatItem']>) {
    const name = `  ${term}`
    if (description === '') return name
    const isBelow = helper.displayWidth(term) > termWidth
    const indent = isBelow ? INDENT : termWidth + 4
    const text = helper.boxWrap(description, (helper.helpWidth ?? MAX_WIDTH) - indent).split('\n')
    const lines = text.map((line) => `${' '.repeat(indent)}${line}`.trimEnd())
    return isBelow ? [name, ...lines].join('\n') : `${name.padEnd(indent)}${lines.join('\n').slice(indent)}`
  },
}

/** Takes an output stream, gives how wide help may be on it: as wide as its terminal, and no wider than one reads well. */
export function helpWidth(stream: { readonly columns?: unknown } | object): number {
  const columns: unknown = 'columns' in stream ? stream.columns : undefined
  return typeof columns === 'number' && columns > 2 * INDENT ? Math.min(columns, MAX_WIDTH) : MAX_WIDTH
}
