// What a release calls to have images named by digest, too: node scripts/image-digests.mjs collector=sha256:… jaeger=sha256:…
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = new URL('../src/install/values/image-digests.json', import.meta.url)
const NAMES = ['own', 'collector', 'jaeger']

/** Takes words such as `own=sha256:…`, gives them as an object. Throws for what is none. */
function parseDigests(words) {
  return Object.fromEntries(
    words.map((word) => {
      const [name, digest = ''] = word.split('=')
      if (!NAMES.includes(name) || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
        throw new Error(`${word}: must be one of ${NAMES.join(', ')}, "=" and sha256:… of 64 digits`)
      }
      return [name, digest]
    }),
  )
}

try {
  const digests = { ...JSON.parse(readFileSync(FILE, 'utf8')), ...parseDigests(process.argv.slice(2)) }
  writeFileSync(FILE, `${JSON.stringify(digests, null, 2)}\n`)
} catch (error) {
  process.stderr.write(`image-digests: ${error.message}\n`)
  process.exitCode = 1
}
