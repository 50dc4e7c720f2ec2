import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSources, root, type SourceFile, slashes, withoutComments } from './source-files.ts'

const sources = readSources()
const byPath = new Map(sources.map((source) => [source.path, source]))

// docs/architecture.md draws this: who may import whom. Adapters do not know one another; only the command line,
// which puts everything together, knows them all.
const ADAPTERS = ['http', 'kubernetes', 'tls', 'bridge', 'install', 'runtime', 'config']
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  injection: [],
  admission: ['injection'],
  // For its narrow readers of raw JSON alone.
  spans: ['injection'],
  ...Object.fromEntries(ADAPTERS.map((adapter) => [adapter, ['admission', 'injection']])),
  // It runs in a browser; the command line knows what it asks for.
  page: ['spans'],
  cli: [...ADAPTERS, 'admission', 'spans', 'injection', 'page'],
  main: ['cli'],
}

const partOf = (path: string) => path.split('/')[1]?.replace(/\.tsx?$/, '') ?? ''
const linesOf = ({ text }: SourceFile) => text.trimEnd().split('\n').length

describe('imports', () => {
  test('there are sources, and each import of a source is one of them', () => {
    expect(sources.length).toBeGreaterThan(50)
    const missing = sources.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => !byPath.has(imported) && /\.tsx?$/.test(imported))
        .map((imported) => `${path} → ${imported}`),
    )
    expect(missing).toEqual([])
  })

  test('point one way', () => {
    const against = sources.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => imported.startsWith('src/') && partOf(imported) !== partOf(path))
        .filter((imported) => !ARROWS[partOf(path)]?.includes(partOf(imported)))
        .map((imported) => `${path} → ${imported}`),
    )
    expect(against).toEqual([])
  })

  test('every folder has its place in the arrows', () => {
    expect([...new Set(sources.map(({ path }) => partOf(path)))].filter((part) => !(part in ARROWS))).toEqual([])
  })

  test('make no circle', () => {
    expect(findCircle()).toEqual([])
  })

  test('leave src/, if at all, for package.json and samples/ only', () => {
    const outside = sources.flatMap(({ imports }) => imports.filter((imported) => !imported.startsWith('src/')))
    expect(outside.filter((imported) => imported !== 'package.json' && !imported.startsWith('samples/'))).toEqual([])
  })
})

describe('the pure core', () => {
  const pure = sources.filter(({ path }) => /^src\/(injection|spans)\//.test(path))

  // What these names do needs nothing but their arguments: telling an IP address from a name, joining paths.
  const PURE_OF_NODE: Readonly<Record<string, readonly string[]>> = {
    'node:net': ['isIP', 'isIPv4', 'isIPv6'],
    'node:path': ['posix'],
  }

  test('imports nothing from outside but pure functions of Node', () => {
    const foreign = pure.flatMap(({ path, text, packages }) =>
      packages
        .filter((name) => !namesFrom(text, name).every((imported) => PURE_OF_NODE[name]?.includes(imported)))
        .map((name) => `${path} → ${name}`),
    )
    expect(foreign).toEqual([])
  })

  test('has no clock, no chance and no output', () => {
    const impure = /\b(Date|performance|Math\.random|crypto|setTimeout|setInterval|fetch|console|globalThis)\b/
    expect(pure.filter(({ text }) => impure.test(withoutComments(text))).map(({ path }) => path)).toEqual([])
  })
})

describe('files', () => {
  test('process.* is used by src/main.ts only', () => {
    // A span has a member of this name: who sent it.
    const users = sources.filter(
      ({ text, packages }) => /(?<!\.)\bprocess\./.test(codeOf(text)) || packages.includes('node:process'),
    )
    expect(users.map(({ path }) => path).filter((path) => path !== 'src/main.ts')).toEqual([])
  })

  test('none has more than 200 lines, and half of them have at most 70', () => {
    expect(sources.filter((source) => linesOf(source) > 200).map(({ path }) => path)).toEqual([])
    const lengths = sources.map(linesOf).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(70)
  })

  test('none is a drawer for everything', () => {
    const drawers = /(^|[-/])(utils?|helpers?|commons?|managers?|misc|shared)(?=[-./]|$)/
    expect(sources.map(({ path }) => path).filter((path) => drawers.test(path))).toEqual([])
  })

  test('each exported function says what it takes and gives', () => {
    const silent = sources.flatMap(({ path, text }) => undocumentedExports(text).map((name) => `${path}: ${name}`))
    expect(silent).toEqual([])
  })
})

describe('what is written down', () => {
  // Notes that this project was planned by are not in it: a reader could not look anything up in them.
  const NOTES = /\b(product|linkerd|peers|test-cluster)\.md\b|\bshared\/|\bissue:/
  // These read such a folder, where it stands beside the checkout.
  const READERS = [
    'test/architecture.test.ts',
    'test/linkerd-renders.test.ts',
    'test/kubernetes/linkerd-config.test.ts',
  ]
  const FOLDERS = ['bench', 'certs-scripts', 'docs', 'manifests', 'samples', 'scripts', 'src', 'test']

  test('names no file that a reader does not have', () => {
    const texts = readdirSync(root, { withFileTypes: true }).flatMap(({ name, parentPath }) => {
      if (!FOLDERS.includes(name)) return /\.(md|json|ts)$/.test(name) ? [name] : []
      const below = readdirSync(join(parentPath, name), { recursive: true, encoding: 'utf8' })
      return below.filter((path) => /\.(md|mjs|ts|sh|ya?ml)$/.test(path)).map((path) => `${name}/${slashes(path)}`)
    })
    expect(texts.length).toBeGreaterThan(300)
    const naming = texts.filter((path) => !READERS.includes(path) && NOTES.test(readFileSync(join(root, path), 'utf8')))
    expect(naming).toEqual([])
  })
})

function namesFrom(text: string, module: string): string[] {
  const names = new RegExp(`import (?:type )?\\{?([^}]*?)\\}? from '${module}'`).exec(text)?.[1] ?? '*'
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** Without comments, and without strings: a message may speak of the process. */
function codeOf(text: string): string {
  return withoutComments(text).replace(/'[^'\n]*'|`[^`]*`/g, "''")
}

function undocumentedExports(text: string): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const name = /^export (?:async )?function\*? (\w+)|^export const (\w+)(?:: [^=]+)? = (?:async )?\(.*=>/.exec(line)
    if (!name || lines[index - 1]?.trimEnd().endsWith('*/')) return []
    return [String(name[1] ?? name[2])]
  })
}

/** A circle of imports, types included; empty when there is none. */
function findCircle(): string[] {
  const done = new Set<string>()
  const walk = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return []
    for (const imported of byPath.get(path)?.imports ?? []) {
      const circle = walk(imported, [...way, path])
      if (circle.length > 0) return circle
    }
    done.add(path)
    return []
  }
  return sources.map(({ path }) => walk(path, [])).find((circle) => circle.length > 0) ?? []
}
