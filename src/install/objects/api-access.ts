import type { Manifest } from '../webhook-configurations.ts'

const NAME = 'kube-api-access'

/**
 * The volume that the kubelet would mount into every container of a Pod: token, CA and namespace. Mounted by hand, it is
 * in the one container that asks the API server, and not in its neighbours.
 */
export const API_ACCESS_VOLUME: Manifest = {
  name: NAME,
  projected: {
    defaultMode: 0o444,
    sources: [
      // an hour and 7 s, as the kubelet's own: tools tell it by this number
      { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
}

export const API_ACCESS_MOUNT: Manifest = {
  name: NAME,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
}
