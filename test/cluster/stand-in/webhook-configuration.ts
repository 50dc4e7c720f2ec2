/** Linkerd's own configuration, as its chart writes it; only the port is ours, for the Service leads to loopback. */
export function linkerdWebhookConfiguration(place: { namespace: string; port: number; authority: string }): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: 'linkerd-proxy-injector-webhook-config',
      labels: {
        'linkerd.io/control-plane-component': 'proxy-injector',
        'linkerd.io/control-plane-ns': place.namespace,
      },
    },
    webhooks: [
      {
        name: 'linkerd-proxy-injector.linkerd.io',
        namespaceSelector: {
          matchExpressions: [
            { key: 'config.linkerd.io/admission-webhooks', operator: 'NotIn', values: ['disabled'] },
            { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'cert-manager'] },
          ],
        },
        objectSelector: {
          matchExpressions: [
            { key: 'linkerd.io/control-plane-component', operator: 'DoesNotExist' },
            { key: 'linkerd.io/cni-resource', operator: 'DoesNotExist' },
          ],
        },
        clientConfig: {
          service: { name: 'linkerd-proxy-injector', namespace: place.namespace, path: '/', port: place.port },
          caBundle: Buffer.from(place.authority).toString('base64'),
        },
        failurePolicy: 'Ignore',
        admissionReviewVersions: ['v1', 'v1beta1'],
        rules: [
          {
            operations: ['CREATE'],
            apiGroups: [''],
            apiVersions: ['v1'],
            resources: ['pods', 'services'],
            scope: 'Namespaced',
          },
        ],
        sideEffects: 'None',
        timeoutSeconds: 10,
      },
    ],
  }
}
