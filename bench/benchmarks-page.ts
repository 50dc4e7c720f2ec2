import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

const PAGE = new URL('../docs/benchmarks.md', import.meta.url)
const TITLE =
  '# Benchmarks\n\nEach section is written by the command that it names; figures are those of one run of it.\n'

/** Puts a section into docs/benchmarks.md, in place of the one that has its heading. */
export function writeSection(heading: string, text: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : TITLE
  writeFileSync(PAGE, replaceSection(page, heading, text))
}

/** Takes a page, gives it with that section's text replaced, or with the section at its end. */
export function replaceSection(page: string, heading: string, text: string): string {
  const section = `## ${heading}\n\n${text.trim()}\n`
  const sections = page.split(/^(?=## )/m).map((part) => `${part.trimEnd()}\n`)
  const index = sections.findIndex((part) => part.startsWith(`## ${heading}\n`))
  if (index < 0) sections.push(section)
  else sections[index] = section
  return sections.join('\n')
}

/** What a figure was measured on, for the text beside it. */
export function machine(): string {
  const all = cpus()
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`
}
