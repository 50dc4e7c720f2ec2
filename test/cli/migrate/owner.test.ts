import { describe, expect, test } from 'vitest'
import { livingOwner, ownerOfObject } from '../../../src/cli/migrate/owner.ts'
import type { Raw } from '../../injection/samples.ts'
import { helm, namespace } from './found.ts'

const FLUX = 'kustomize.toolkit.fluxcd.io'

describe('an object belongs to', () => {
  test.each<[string | undefined, string, Raw]>([
    ['Helm (release l5d in linkerd)', 'Helm, by its annotations', helm('l5d', 'linkerd')],
    [
      'Helm (release l5d in default)',
      'Helm, which may leave the Namespace out',
      { annotations: { 'meta.helm.sh/release-name': 'l5d' } },
    ],
    [
      'Argo CD (application apps)',
      'Argo CD, by its annotation',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'apps:apps/Deployment:shop/web' } },
    ],
    ['Argo CD (application apps)', 'Argo CD, by its label', { labels: { 'argocd.argoproj.io/instance': 'apps' } }],
    [undefined, 'nobody by a label that charts use too', { labels: { 'app.kubernetes.io/instance': 'apps' } }],
    [
      'Flux (kustomize flux-system/apps)',
      'Flux',
      { labels: { [`${FLUX}/name`]: 'apps', [`${FLUX}/namespace`]: 'flux-system' } },
    ],
    [
      'Flux (helm flux-system/l5d)',
      'Flux, also where that has Helm install it',
      {
        ...helm('l5d', 'linkerd'),
        labels: { 'helm.toolkit.fluxcd.io/name': 'l5d', 'helm.toolkit.fluxcd.io/namespace': 'flux-system' },
      },
    ],
    [undefined, 'nobody that is known', {}],
  ])('%s: %s', (text, _how, metadata) => {
    expect(ownerOfObject({ metadata })?.text).toBe(text)
  })

  test.each([
    ['x; rm -rf ~', 'linkerd'],
    ['$(id)', 'linkerd'],
    ['-l', 'linkerd'],
    ['l5d', "a' b"],
    ['l5d\u001b[2J', 'linkerd'],
  ])('Helm, but no command is made of what Helm takes for no name: %j in %j', (name, place) => {
    const owner = ownerOfObject({ metadata: helm(name, place) })
    expect(owner).toEqual({ kind: 'helm', text: `Helm (release ${JSON.stringify(name)} in ${JSON.stringify(place)})` })
  })
})

test.each<[boolean, string, Raw[]]>([
  [true, 'is there', [namespace('linkerd')]],
  [false, 'is gone', []],
  [false, 'is on its way out', [namespace('linkerd', { deletionTimestamp: 'now' })]],
])('Helm owns what it has installed (%s) while the Namespace of its release %s', (isOwned, _state, namespaces) => {
  expect(livingOwner({ metadata: helm('l5d', 'linkerd') }, namespaces) !== undefined).toBe(isOwned)
})
