import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Program } from './serve-process.ts'

const ROOT = join(import.meta.dirname, '..')
const [, ENTRYPOINT = '[]'] = /^ENTRYPOINT (.*)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? []

/** The flags that the image gives Node. */
export const SHIPPED_NODE_FLAGS: readonly string[] = (JSON.parse(ENTRYPOINT) as string[]).slice(1, -1)

/** The bundle, run as the image runs it; flags of Node can be others. */
export function shippedProgram({ main = join(ROOT, 'dist/main.js'), nodeFlags = SHIPPED_NODE_FLAGS } = {}): Program {
  return [process.execPath, ...nodeFlags, main]
}
