// npm run build:executable [-- FILE]: the program, with Node within it, as one file (Node's "single executable application").
// It is one for the platform that it is built on. docs/decisions/0011-single-executable.md says why it is built so.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { BUNDLED, bundlePage } from './bundle.mjs'
import { PROGRAM, PROGRAM_CACHE, wrapModule } from './executable/program-script.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Takes the path of the file to be made, makes it. Node has to be one that knows `--build-sea` (25.5 or newer). */
async function buildExecutable(output) {
  const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-executable-'))
  try {
    const [main, program, cache] = ['main.cjs', PROGRAM, PROGRAM_CACHE].map((name) => join(folder, name))
    await bundleAsScript({ entryPoints: ['src/cli/run-program.ts'], outfile: program })
    const wrapped = wrapModule(readFileSync(program, 'utf8'))
    writeFileSync(program, wrapped)
    execFileSync(process.execPath, [join(root, 'scripts/executable/make-cache.mjs'), program, cache], {
      stdio: 'inherit',
    })
    await bundleAsScript({ outfile: main, plugins: [PROGRAM_AS_ASSET] })
    const page = join(folder, 'page')
    await bundlePage(root, page)
    const config = join(folder, 'sea-config.json')
    writeFileSync(config, JSON.stringify(seaConfig({ main, output, program, cache, page })))
    mkdirSync(dirname(output), { recursive: true })
    // It is a file that runs somewhere, perhaps: that cannot be written to, but replaced.
    rmSync(output, { force: true })
    execFileSync(process.execPath, ['--build-sea', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const PROGRAM_AS_ASSET = {
  name: 'program-as-asset',
  setup: ({ onResolve }) => {
    const path = join(root, 'scripts/executable/load-program.mjs')
    onResolve({ filter: /\/run-program\.ts$/ }, () => ({ path }))
  },
}

// CommonJS, whose modules of Node are loaded when they are first needed; an ES module loads all of them at the start, which
// alone costs 70 ms.
async function bundleAsScript(options) {
  await build({
    ...BUNDLED,
    absWorkingDir: root,
    format: 'cjs',
    target: 'node26',
    // Names stay: they are all that a stack has, as there is no source map.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'inline',
    define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname', 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href" },
    ...options,
  })
}

function seaConfig({ main, output, program, cache, page }) {
  const samples = readdirSync(join(root, 'samples')).map((name) => [name, join(root, 'samples', name)])
  const pageFiles = readdirSync(page).map((name) => [`page/${name}`, join(page, name)])
  return {
    main,
    output,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // As the image's: memory under load.
    execArgv: ['--max-semi-space-size=4'],
    assets: { ...Object.fromEntries([...samples, ...pageFiles]), [PROGRAM]: program, [PROGRAM_CACHE]: cache },
  }
}

const output = resolve(process.argv[2] ?? join(root, 'build', 'linkerd-tracing'))
await buildExecutable(output)
process.stderr.write(`build: ${output}\n`)
