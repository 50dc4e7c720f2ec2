import { printable } from '../printable.ts'
import { cutText } from '../text-width.ts'

/** Names of Kubernetes and routes of people fit; a span may have any, and one of a megabyte would push all columns away. */
const MAX_COLUMNS = 120

/** Takes a name that a span has, gives it for a cell of a table: without what could steer a terminal, and not too wide. Pure. */
export function shownName(name: string): string {
  return cutText(printable(name), MAX_COLUMNS)
}
