import { stringify } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { chartPieces } from './helm-pieces.ts'
import { chartReadme } from './helm-readme.ts'
import { chartSchema } from './helm-schema.ts'
import { chartValues } from './helm-values.ts'
import type { Files } from './kustomize-overlay.ts'

/** Gives the files of `manifests/helm/linkerd-tracing` that are made from code, by their paths there. */
export function helmFiles(): Files {
  return {
    'Chart.yaml': stringify(CHART, { lineWidth: 0 }),
    'README.md': chartReadme(),
    'values.schema.json': `${JSON.stringify(chartSchema(), null, 2)}\n`,
    'values.yaml': chartValues(),
    'templates/_pieces.tpl': chartPieces(),
  }
}

const CHART = {
  apiVersion: 'v2',
  name: manifest.name,
  description: manifest.description,
  type: 'application',
  version: manifest.version,
  appVersion: manifest.version,
  kubeVersion: '>=1.30.0-0',
}
