// npm run pack:npm [-- FOLDER]: the package that `npm i -g` installs, into build/ or that folder. The bundle has everything in it,
// so the package names no dependencies: an installation downloads nothing else, least of all the Node that this repository
// is developed with.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const NEEDED_FOR_DEVELOPMENT = [
  'private',
  'scripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'overrides',
]

async function pack(output) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-pack-'))
  try {
    await bundle(root, { outdir: join(folder, 'dist'), sourcemap: false })
    const others = manifest.files.filter((name) => !/^!?dist\b/.test(name))
    for (const name of [...others, 'LICENSE', 'README.md']) {
      cpSync(join(root, name), join(folder, name), { recursive: true })
    }
    const published = Object.entries(manifest).filter(([field]) => !NEEDED_FOR_DEVELOPMENT.includes(field))
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(Object.fromEntries(published), null, 2)}\n`)
    mkdirSync(output, { recursive: true })
    execFileSync('npm', ['pack', '--silent', '--pack-destination', output], { cwd: folder, stdio: 'inherit' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await pack(resolve(process.argv[2] ?? join(root, 'build')))
