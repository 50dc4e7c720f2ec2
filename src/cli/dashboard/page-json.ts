import { printableLines } from '../printable.ts'

/**
 * Takes an answer, gives it as JSON for the page. Any text in it may be a tenant's, and a browser obeys marks that turn the
 * direction of writing, and shows nothing of others: they are made visible. Pure.
 */
export function pageJson(answer: object): string {
  return JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'string' ? printableLines(value) : value))
}
