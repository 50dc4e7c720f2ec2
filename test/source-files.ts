import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '..')

export interface SourceFile {
  /** From the project's root, with slashes: `src/injection/pod-patch.ts`. */
  readonly path: string
  readonly text: string
  /** Files of src/ that it imports, types included. */
  readonly imports: readonly string[]
  /** Everything else that it imports: `node:fs`, `yaml`. */
  readonly packages: readonly string[]
}

/** Reads every TypeScript file of src/, those with markup of the page too. */
export function readSources(): SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
    .map((name) => readSource(join(root, 'src', name)))
}

// The formatter gives every import this shape; comments are taken out first, since they may quote code.
const STATIC_IMPORT = /^(?:import|export)\b[^'"`;()]*?\bfrom '([^']+)'|^import '([^']+)'/gm
const DYNAMIC_IMPORT = /\bimport\('([^']+)'\)/g

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  const code = withoutComments(text)
  const specifiers = [...code.matchAll(STATIC_IMPORT), ...code.matchAll(DYNAMIC_IMPORT)].map((match) =>
    String(match[1] ?? match[2]),
  )
  return {
    path: slashes(relative(root, file)),
    text,
    imports: specifiers
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => slashes(relative(root, join(dirname(file), specifier)))),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')),
  }
}

/** Takes TypeScript, gives it without comments; what looks like one within a line of code stays. */
export function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** A path with slashes, on Windows too. */
export const slashes = (path: string) => path.replaceAll('\\', '/')
