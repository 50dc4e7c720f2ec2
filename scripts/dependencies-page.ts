import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A package as package-lock.json has it. */
export interface LockedPackage {
  /** `node_modules/ajv/node_modules/fast-uri` */
  readonly place: string
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly hasInstallScript?: boolean
}

/** Takes the folder of a checkout, gives all packages that its lock file names. */
export function lockedPackages(root: string): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Omit<LockedPackage, 'place'>>
  }
  return Object.entries(packages).flatMap(([place, found]) => (place === '' ? [] : [{ ...found, place }]))
}

/** Whether the program may need it when it runs: neither for development only, nor a platform's own Node. */
export function isOfProduction({ dev = false, optional = false }: LockedPackage): boolean {
  return !dev && !optional
}

/** Takes the folder of a checkout with its packages installed, gives the text of docs/dependencies.md (`npm run docs` writes it). */
export function dependenciesPage(root: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }
  const packages = lockedPackages(root).filter(isOfProduction)
  const sizes = packages.map(({ place }) => kibibytesOf(join(root, place)))
  const licences = Map.groupBy(packages, ({ license }) => license ?? 'none')
  const total = sizes.reduce((sum, size) => sum + size, 0)
  return [
    '# Dependencies',
    '',
    'Made from `package-lock.json` and `node_modules` by `npm run docs`. [Decision 2](decisions/0002-libraries.md) says why we',
    'depend on the first of them at all; the others come with these.',
    '',
    `${Object.keys(dependencies).length} packages are asked for, ${packages.length} are installed for production; together they take ${mebibytes(total)} MiB as they are unpacked.`,
    'None runs a script when it is installed, and each is pinned by version and checksum. What is shipped is a bundle, in which',
    'only what is used of them stands: neither the image nor the package for npm has a `node_modules`.',
    '',
    '`npm audit --omit=dev` asks the registry for known faults. Not every mirror of it answers: then it has not been asked.',
    '',
    '| licence | packages |',
    '|---|---|',
    ...[...licences].map(([licence, some]) => `| ${licence} | ${some.length} |`).sort(),
    '',
    '| package | version | licence | KiB |',
    '|---|---|---|---|',
    ...packages.map(
      ({ place, version, license = 'none' }, index) =>
        `| ${nameOf(place)}${nameOf(place) in dependencies && isTop(place) ? ' (asked for)' : ''} | ${version} | ${license} | ${sizes[index]} |`,
    ),
    '',
  ].join('\n')
}

function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function isTop(place: string): boolean {
  return place.lastIndexOf('node_modules/') === 0
}

/** Its files, without packages of its own, which stand in a line of their own. */
function kibibytesOf(folder: string): number {
  return Math.ceil(bytesOf(folder) / 1024)
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? bytesOf(path) : statSync(path).size), 0)
}

function mebibytes(kibibytes: number): string {
  return (kibibytes / 1024).toFixed(0)
}
