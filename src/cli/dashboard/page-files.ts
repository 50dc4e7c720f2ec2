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

/** Gives what scripts/bundle.mjs made of src/page/; in another folder, for tests. Throws when the package came without it. */
export function readPageFiles(folder?: string): ReadonlyMap<PageFileName, PageFile> {
  const fileOf = (name: PageFileName): PageFile => ({ contentType: CONTENT_TYPES[name], text: readText(name, folder) })
  return new Map(PAGE_FILES.map((name) => [name, fileOf(name)]))
}

function readText(name: PageFileName, folder: string | undefined): string {
  // The single executable has them within itself.
  if (isSea()) return getAsset(`page/${name}`, 'utf8')
  const folders = folder === undefined ? ownFolders() : [folder]
  const file = folders.map((place) => join(place, name)).find((path) => existsSync(path))
  if (file === undefined) throw new Error(`the file ${name} of the page is not there: the package is incomplete`)
  return readFileSync(file, 'utf8')
}

/** From a chunk of the bundle, and from here. */
function ownFolders(): string[] {
  return ['../page', '../../../dist/page'].map((folder) => join(import.meta.dirname, folder))
}
