import { writtenConfigurations } from './injector-roles.ts'
import type { InstallLayout } from './layout.ts'
import { CA_BUNDLE_POLICY, ENTRIES, INJECTOR, INJECTOR_LABELS } from './object-names.ts'
import type { Manifest } from './webhook-configurations.ts'

/**
 * A ValidatingAdmissionPolicy that lets our ServiceAccount change `clientConfig.caBundle` of our own configurations and
 * nothing else, whatever other roles it may be given. It asks nothing of anybody else.
 */
export function caBundlePolicy(layout: InstallLayout): Manifest[] {
  // who has no right to patch needs no limit to it
  const written = writtenConfigurations(layout)
  if (written.length === 0) return []
  const { namespace } = layout
  const metadata = { name: CA_BUNDLE_POLICY, labels: INJECTOR_LABELS }
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          resourceRules: [RULE],
        },
        matchConditions: [{ name: 'injector', expression: `request.userInfo.username == '${username(namespace)}'` }],
        validations: [
          ownConfigurations(written),
          ...ENTRY_FIELDS.map(sameInEntries),
          ...METADATA_FIELDS.map(sameInMetadata),
          ...(layout.certs === 'self-managed' ? [] : [FORWARD_ONLY]),
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: CA_BUNDLE_POLICY, validationActions: ['Deny'] },
    },
  ]
}

const RULE = {
  apiGroups: ['admissionregistration.k8s.io'],
  apiVersions: ['v1'],
  operations: ['UPDATE'],
  resources: ['mutatingwebhookconfigurations'],
  scope: '*',
}

function username(namespace: string): string {
  return `system:serviceaccount:${namespace}:${INJECTOR}`
}

/** Every field of an entry but `clientConfig.caBundle` (k8s.io/api/admissionregistration/v1 MutatingWebhook). */
const ENTRY_FIELDS = [
  'name',
  'clientConfig.service',
  'clientConfig.url',
  'rules',
  'failurePolicy',
  'matchPolicy',
  'namespaceSelector',
  'objectSelector',
  'sideEffects',
  'timeoutSeconds',
  'admissionReviewVersions',
  'reinvocationPolicy',
  'matchConditions',
]

/** The rest of the metadata is the API server's own. */
const METADATA_FIELDS = ['labels', 'annotations', 'finalizers', 'ownerReferences']

function sameInEntries(field: string): Manifest {
  // lists of the field's value in each entry: order and number of the entries count as well
  const values = (side: string) => `${side}.webhooks.map(w, has(w.${field}) ? [w.${field}] : [])`
  return validation(`${values('object')} == ${values('oldObject')}`, `webhooks[].${field}`)
}

function sameInMetadata(field: string): Manifest {
  const value = (side: string) => `(has(${side}.metadata.${field}) ? [${side}.metadata.${field}] : [])`
  return validation(`${value('object')} == ${value('oldObject')}`, `metadata.${field}`)
}

function ownConfigurations(names: readonly string[]): Manifest {
  return validation(`object.metadata.name in ${JSON.stringify(names)}`, 'the configurations of others')
}

/** Where the bundles of our own entries are somebody else's to write, only Linkerd's is left to us. */
const FORWARD_ONLY = validation(
  ['object', 'oldObject']
    .map((side) => `${side}.webhooks.filter(w, w.name != '${ENTRIES.forward}').map(w, w.clientConfig)`)
    .join(' == '),
  `the caBundle of other entries than ${ENTRIES.forward}`,
)

function validation(expression: string, field: string): Manifest {
  return { expression, message: `${INJECTOR} may change caBundle only, not ${field}`, reason: 'Forbidden' }
}
