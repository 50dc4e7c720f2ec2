import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getAsset, isSea } from 'node:sea'

/** A file of the page, as it is served. */
export interface PageFile {
  readonly contentType: string
  readonly text: string
}

const CONTENT_TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
} as const
export type PageFileName = keyof typeof CONTENT_TYPES
export const PAGE_FILES = Object.keys(CONTENT_TYPES) as readonly PageFileName[]

/** Gives what scripts/bundle.mjs made of src/page/, in the first of the folders that has it. Throws when none has. */
export function readPageFiles(folders: readonly string[] = FOLDERS): ReadonlyMap<PageFileName, PageFile> {
  const fileOf = (name: PageFileName): PageFile => ({ contentType: CONTENT_TYPES[name], text: readText(name, folders) })
  return new Map(PAGE_FILES.map((name) => [name, fileOf(name)]))
}

function readText(name: PageFileName, folders: readonly string[]): string {
  // The single executable has them within itself.
  if (isSea()) return getAsset(`page/${name}`, 'utf8')
  const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (file === undefined) throw new Error(`the file ${name} of the page is not there: the package is incomplete`)
  return readFileSync(file, 'utf8')
}

/** From a chunk of the bundle, and from here. */
const FOLDERS = ['../page', '../../../dist/page'].map((folder) => join(import.meta.dirname, folder))
