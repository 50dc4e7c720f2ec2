import { Option } from 'commander'

function directory(): Option {
  return new Option('--cert-dir <directory>', 'Directory with tls.crt and tls.key.')
}

/** Gives the option that says where the injector is. */
export function namespaceOption(): Option {
  return new Option('-n, --namespace <namespace>', 'Namespace of the injector.').default('linkerd-tracing')
}

const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** Gives the options that say which certificate is read, and what it is compared with. */
export function sourceOptions(): Option[] {
  return [
    directory(),
    new Option('--file <file>', 'PEM file with a certificate and its chain.'),
    new Option('--secret <name>', 'Secret of the cluster with tls.crt and tls.key.'),
    new Option('--url <url>', 'https:// address of a server that runs.'),
    new Option('--ca-file <file>', 'PEM file with CAs that have to trust it.'),
    new Option('--bundles', 'Compare with the caBundles of our webhook configurations in the cluster.'),
    new Option('--name <name>', 'Name or IP address that it has to be for. May be given again.').argParser(repeated),
  ]
}

/** Gives the options that say which cluster is meant, as kubectl has them. */
export function kubernetesOptions(): Option[] {
  return [
    namespaceOption(),
    new Option('--kubeconfig <file>', 'Kubeconfig of the cluster; else KUBECONFIG or ~/.kube/config.'),
    new Option('--context <name>', 'Context of the kubeconfig.'),
  ]
}

/** Gives the options that say what a certificate is for. */
export function nameOptions(): Option[] {
  return [
    directory(),
    new Option('--service <name>', 'Service of the injector.').default('linkerd-tracing-injector'),
    new Option('--cluster-domain <domain>', 'Domain of the cluster’s DNS names.').default('cluster.local'),
    new Option('--name <name>', 'Further DNS name or IP address. May be given again.').argParser(repeated),
  ]
}

/** Gives the options that say how long certificates are good for. */
export function lifetimeOptions(): Option[] {
  return [
    new Option('--ca-lifetime <duration>', 'How long a CA is good for.').default('3650d'),
    new Option('--serving-lifetime <duration>', 'How long a serving certificate is good for.').default('90d'),
  ]
}
