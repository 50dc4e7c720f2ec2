// Writes the pages that are made from code, and the sample review that is made from a sample Pod: `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { reviewOf, type SamplePod } from '../src/cli/try-review.ts'
import { dependenciesPage } from './dependencies-page.ts'
import { settingsPage } from './settings-page.ts'
import { valuesPage } from './values-page.ts'

const root = new URL('..', import.meta.url)
writeFileSync(new URL('docs/settings.md', root), settingsPage())
writeFileSync(new URL('docs/values.md', root), valuesPage())
writeFileSync(new URL('docs/dependencies.md', root), dependenciesPage(fileURLToPath(root)))

const pod = parse(readFileSync(new URL('samples/web.yaml', root), 'utf8')) as SamplePod
// A fixed uid, so that the file changes only when the Pod does.
const review = reviewOf(pod, '705ab4f5-6393-11e8-b7cc-42010a800002')
writeFileSync(new URL('samples/review.json', root), `${JSON.stringify(review, null, 2)}\n`)
