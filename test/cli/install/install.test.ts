import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { installManifests } from '../../../src/install/install-manifests.ts'
import { withKeptValues } from '../../../src/install/kept-values.ts'
import { defaultValues } from '../../../src/install/values/read-values.ts'
import type { Raw } from '../../injection/samples.ts'
import { newFolder, runInProcess } from '../cli-run.ts'

// No kubeconfig: nothing of the machine that the tests run on may be asked.
const NOWHERE = { HOME: join(import.meta.dirname, 'no-such-folder') }

interface Printed {
  readonly code: number
  readonly objects: readonly Raw[]
  readonly stdout: string
  readonly stderr: string
}

async function print(...words: string[]): Promise<Printed> {
  const run = runInProcess(words, NOWHERE)
  const code = await run.returned
  const objects = parseAllDocuments(run.stdout()).map((document) => document.toJS() as Raw)
  return { code, objects, stdout: run.stdout(), stderr: run.stderr() }
}

const install = (...words: string[]) => print('install', '--policy', 'on', ...words)

function find({ objects }: Printed, kind: string, name: string): Raw {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  expect(found, `${kind} ${name}`).toBeDefined()
  return found
}

const podSpec = (printed: Printed, name: string) => find(printed, 'Deployment', name).spec.template.spec
const argumentsOf = (printed: Printed) => podSpec(printed, 'linkerd-tracing-injector').containers[0].args as string[]

describe('install', () => {
  test('prints what the builder makes of the defaults, and nothing else', async () => {
    const printed = await install()
    expect(printed.code).toBe(0)
    expect(printed.stderr).toBe('')
    const values = { ...defaultValues(), policy: 'on' } as const
    expect(printed.objects).toEqual(withKeptValues(installManifests(values), values))
  })

  test('the Namespace comes first, the webhook configurations last', async () => {
    const kinds = (await install()).objects.map(({ kind }) => kind)
    expect(kinds[0]).toBe('Namespace')
    expect(kinds.slice(-2)).toEqual(['MutatingWebhookConfiguration', 'MutatingWebhookConfiguration'])
    expect(kinds.indexOf('MutatingWebhookConfiguration')).toBe(kinds.length - 2)
  })

  test('each flag of its own does what it says', async () => {
    const printed = await install(
      ...['-n', 'tracing', '-L', 'l5d', '--all-namespaces', '--no-control-plane', '--jaeger', 'none'],
      ...['--backend', 'otel.example.com:4317', '--backend', 'https://b.example.com/otlp'],
      ...['--registry', 'mirror.example.com', '--image-pull-secret', 'a', '--image-pull-secret', 'b'],
      ...['--cluster-domain', 'k8s.example.com', '--trust-domain', 'mesh.example.com', '--host-network'],
      ...['--node-selector', 'kubernetes.io/os=linux', '--toleration', 'dedicated=tracing:NoSchedule'],
      ...['--toleration', 'spot', '--priority-class', 'high', '--annotation', 'a=b=c', '--label', 'team=x'],
    )
    expect(printed.stderr).toBe('')
    const injector = podSpec(printed, 'linkerd-tracing-injector')
    expect(argumentsOf(printed)).toEqual(
      expect.arrayContaining([
        '--linkerd-namespace=l5d',
        '--collector-namespace=tracing',
        '--all-namespaces=true',
        '--control-plane=false',
        '--cluster-domain=k8s.example.com',
        '--trust-domain=mesh.example.com',
        '--port=10260',
        '--admin-port=10261',
      ]),
    )
    expect(injector).toMatchObject({
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
      imagePullSecrets: [{ name: 'a' }, { name: 'b' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [
        { key: 'dedicated', operator: 'Equal', value: 'tracing', effect: 'NoSchedule' },
        { key: 'spot', operator: 'Exists' },
      ],
      priorityClassName: 'high',
    })
    expect(injector.containers[0].image).toMatch(/^mirror\.example\.com\/linkerd-tracing\//)
    const { annotations, labels } = find(printed, 'Deployment', 'linkerd-collector').spec.template.metadata
    expect(annotations.a).toBe('b=c')
    expect(labels.team).toBe('x')
    const config = find(printed, 'ConfigMap', 'linkerd-collector-config').data['config.yaml']
    expect(config).toContain('otel.example.com:4317')
    expect(config).toContain('https://b.example.com/otlp')
    expect(printed.stdout).not.toContain('linkerd-jaeger')
    expect(printed.objects.filter(({ metadata }) => metadata.namespace === 'linkerd-tracing')).toEqual([])
  })

  test('flags win over files, the last file over the first, --set over all', async () => {
    const folder = await newFolder()
    const [first, second] = [join(folder, 'first.yaml'), join(folder, 'second.yaml')]
    await writeFile(first, 'linkerdNamespace: from-file\nserviceName: one\ncollector: { replicas: 2 }\nha: true\n')
    await writeFile(second, 'serviceName: two\nclusterDomain: from.file\n')
    const printed = await install('-f', first, '--values', second, '--cluster-domain', 'from.flag')
    expect(argumentsOf(printed)).toEqual(
      expect.arrayContaining([
        '--linkerd-namespace=from-file',
        '--service-name=two',
        '--cluster-domain=from.flag',
        '--collector-address=linkerd-collector-headless.linkerd-tracing.svc.from.flag:4317',
      ]),
    )
    const set = await install('-f', first, '--cluster-domain', 'a.b', '--set', 'clusterDomain=c.d', '--set', 'ha=false')
    expect(argumentsOf(set)).toContain('--cluster-domain=c.d')
    expect(find(set, 'Deployment', 'linkerd-tracing-injector').spec.replicas).toBe(2)
  })

  test('without a cluster, policy is printed with a note, as most clusters have its kinds', async () => {
    const printed = await print('install', '--ha')
    expect(printed.code).toBe(0)
    expect(printed.stderr).toMatch(/^note: no cluster could be asked \(kubeconfig .*cannot be read/)
    expect(printed.stderr).toContain('--policy off leaves them out')
    expect(printed.stderr).toContain('the cluster domain is taken to be cluster.local')
    expect(printed.objects.filter(({ kind }) => kind === 'Server')).not.toEqual([])
  })

  test('nothing is noted when nothing was left open', async () => {
    const printed = await print('install', '--policy', 'off', '--ha', '--cluster-domain', 'cluster.local')
    expect(printed.stderr).toBe('')
    expect(printed.objects.filter(({ apiVersion }) => apiVersion.startsWith('policy.linkerd.io'))).toEqual([])
  })

  test('the seed layout has no Namespace, and its first install needs a hint', async () => {
    const printed = await install('--namespace', 'linkerd')
    expect(printed.objects.filter(({ kind }) => kind === 'Namespace')).toEqual([])
    expect(printed.stderr).toContain(
      'kubectl -n linkerd rollout restart deploy/linkerd-collector deploy/linkerd-jaeger',
    )
    expect(printed.stdout).toContain('forward.tracing.linkerd.io')
  })
})

describe('what cannot be printed', () => {
  test.each<[string, string[], string]>([
    ['a wrong value', ['--certs', 'own'], '--certs: certs = "own": must be one of self-managed, cert-manager, files'],
    ['a path of --set that leads nowhere', ['--set', 'bridge.enable=true'], 'the nearest is enabled'],
    ['--set without a value', ['--set', 'ha'], '--set = "ha": must be a name, "=" and a value'],
    ['--set with broken YAML', ['--set', 'pods.tolerations=['], 'error: --set: pods.tolerations = "[": is no YAML'],
    [
      'a Namespace of Kubernetes itself',
      ['-n', 'kube-system'],
      'namespace = "kube-system": is one of Kubernetes itself',
    ],
    ['a toleration that is none', ['--toleration', '=x'], '--toleration = "=x": must be a taint'],
    ['a file that is not there', ['-f', 'no-such-file.yaml'], 'no-such-file.yaml: values cannot be read'],
    [
      'cert-manager in Linkerd’s namespace',
      ['-n', 'linkerd', '--certs', 'cert-manager'],
      'cert-manager cannot be used',
    ],
    ['what is no flag', ['--jaegr', 'none'], "unknown option '--jaegr'"],
    ['an argument', ['everything'], 'too many arguments'],
  ])('%s', async (_, words, message) => {
    const printed = await install(...words)
    expect(printed.code).toBe(1)
    expect(printed.stdout).toBe('')
    expect(printed.stderr).toContain(message)
  })

  test('all mistakes are told at once', async () => {
    const { stderr } = await install('--certs', 'own', '--set', 'collector.replicas=none')
    expect(stderr).toContain('2 values are wrong')
    expect(stderr).toContain('--set: collector.replicas = "none": must be a whole number')
  })
})

describe('uninstall', () => {
  const names = ({ objects }: Printed) =>
    objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join(' '))

  test('names what install prints, webhook configurations first, our Namespace last', async () => {
    const printed = await print('uninstall', '--policy', 'on')
    expect(printed.code).toBe(0)
    expect(names(printed).toSorted()).toEqual(names(await install()).toSorted())
    expect(printed.objects.slice(0, 2).map(({ kind }) => kind)).toEqual(Array(2).fill('MutatingWebhookConfiguration'))
    expect(names(printed).at(-1)).toBe('Namespace linkerd-tracing')
    expect(Object.keys(printed.objects[0])).toEqual(['apiVersion', 'kind', 'metadata'])
  })

  test('never names the control plane’s Namespace', async () => {
    const printed = await print('uninstall', '--policy', 'on', '-n', 'linkerd')
    expect(printed.objects.filter(({ kind }) => kind === 'Namespace')).toEqual([])
    expect(printed.objects.length).toBeGreaterThan(20)
  })
})
