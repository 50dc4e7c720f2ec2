import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { helmFiles } from '../../scripts/manifests/helm-files.ts'
import { kustomizeFiles } from '../../scripts/manifests/kustomize-files.ts'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { root, slashes } from '../source-files.ts'

/** Every file below a folder of `manifests/`, by its path there. */
function filesIn(folder: string): Record<string, string> {
  const top = join(root, 'manifests', folder)
  const files = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [slashes(path).slice(slashes(top).length + 1), readFileSync(path, 'utf8')]
    }),
  )
}

test('manifests/kustomize is what the builder makes, and nothing else is there (else: npm run manifests)', () => {
  expect(filesIn('kustomize')).toEqual(kustomizeFiles())
})

test('what of the chart is not written by hand is what the builder makes (else: npm run manifests)', () => {
  expect(filesIn('helm/linkerd-tracing')).toMatchObject(helmFiles())
})

test('the chart’s values.yaml says the defaults of install, and install takes it', () => {
  const text = readFileSync(join(root, 'manifests/helm/linkerd-tracing/values.yaml'), 'utf8')
  const { createNamespace, ...values } = parse(text)
  expect(createNamespace).toBe(false)
  expect(shippedValues(values)).toEqual(shippedValues({}))
})
