import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/**
 * All input together: 64 MiB are a List of several thousand Pods as JSON, and some hundred MB in memory. One object is
 * at most 1.5 MiB in etcd.
 */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024

/** One file, or standard input, as text. */
export interface Source {
  readonly name: string
  readonly text: string
}

export class InputError extends Error {
  override readonly name = 'InputError'
}

/**
 * Takes what `-f` named (`-` is standard input; a directory stands for its `.yaml`, `.yml` and `.json` files in the
 * order of their names, not deeper), gives the texts. Throws InputError for what cannot be read, is no UTF-8 or is too big.
 */
export async function readSources(filenames: readonly string[], stdin: Readable): Promise<Source[]> {
  const sources: Source[] = []
  let left = MAX_INPUT_BYTES
  for (const filename of (await Promise.all(filenames.map(expandDirectory))).flat()) {
    const name = filename === '-' ? 'stdin' : filename
    const bytes = filename === '-' ? await readStream(stdin, left) : await readOneFile(filename, left)
    left -= bytes.length
    sources.push({ name, text: decode(name, bytes) })
  }
  return sources
}

async function expandDirectory(filename: string): Promise<string[]> {
  if (filename === '-' || !(await inspect(filename)).isDirectory()) return [filename]
  const entries = await readdir(filename, { withFileTypes: true })
  const names = entries
    .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
    .map(({ name }) => name)
  if (names.length === 0) throw new InputError(`${filename}: the directory has no .yaml, .yml or .json file`)
  return names.sort().map((name) => join(filename, name))
}

async function inspect(filename: string) {
  try {
    return await stat(filename)
  } catch (error) {
    throw unreadable(filename, error)
  }
}

async function readOneFile(filename: string, left: number): Promise<Buffer> {
  if ((await inspect(filename)).size > left) throw tooBig(filename)
  try {
    return await readFile(filename)
  } catch (error) {
    throw unreadable(filename, error)
  }
}

async function readStream(stdin: Readable, left: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > left) throw tooBig('stdin')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function decode(name: string, bytes: Buffer): string {
  try {
    // The byte order mark stays in the text: what is printed begins as what was read.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new InputError(`${name}: not valid UTF-8`, { cause: error })
  }
}

function tooBig(filename: string): InputError {
  return new InputError(`${filename}: more than ${MAX_INPUT_BYTES / 1024 / 1024} MiB of input; split it`)
}

function unreadable(filename: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new InputError(`${filename}: cannot be read (${code === 'ENOENT' ? 'no such file or directory' : code})`, {
    cause: error,
  })
}
