/**
 * Each workload of each Linkerd version as Linkerd really renders it, through the server and through `inject`. The
 * renders are Linkerd's: they are read from a folder beside the checkout (or LINKERD_TRACING_SHARED), never copied.
 * The table says what each version's proxies get; it follows from what each version's own template has.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { runInject } from '../src/cli/inject/run-inject.ts'
import { reviewOf, settingsOfCase } from './golden-harness/case-folder.ts'
import {
  ADDR,
  ATTRIBUTES_PATH,
  EXTRA_ATTRIBUTES,
  faultsOf,
  NAME,
  PROTOCOL,
  SERVICE_NAME,
} from './golden-harness/pod-rules.ts'
import { containerNamed, containersOf, envValue, list, mapping, mountsOf, type Raw } from './golden-harness/raw-pod.ts'
import { patchIn, responseIn, startWebhook, type Webhook } from './golden-harness/webhook.ts'

const RENDERS = join(
  process.env['LINKERD_TRACING_SHARED'] ?? join(import.meta.dirname, '..', '..', 'shared'),
  'linkerd',
)
const isThere = existsSync(RENDERS)

const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local'
const FLAG = `-trace-collector=${COLLECTOR}:55678`

/** A workload: `kind/namespace/name`, with what is special about it. */
type Special = { skipped: string } | { flagged: string } | { without: string }
type Row = string | [string, Special]

interface Version {
  protocol: 'opencensus' | 'opentelemetry'
  /** Keys under `k8s.` that this version's own `_pod_*` variables allow. */
  attributes: string[]
  'control-plane': Row[]
  injected: Row[]
}

const NAMES_ONLY = ['pod.name', 'namespace.name', 'node.name', 'container.name']
const HEARTBEAT: Row = ['CronJob/linkerd/linkerd-heartbeat', { skipped: 'not-meshed' }]
const HELLO: Row = ['CronJob/emojivoto/hello', { skipped: 'not-meshed' }]
const IDENTITY: Row = ['Deployment/linkerd/linkerd-identity', { flagged: 'identity' }]
const DESTINATION: Row = ['Deployment/linkerd/linkerd-destination', { flagged: 'destination' }]
const CONTROL_PLANE: Row[] = [IDENTITY, DESTINATION, HEARTBEAT, 'Deployment/linkerd/linkerd-proxy-injector']
const WEB: Row = 'Deployment/emojivoto/web'
const VOTE_BOT: Row = 'Pod/emojivoto/vote-bot'
const LISTS: Row[] = ['1', '2', '3', '4'].map((n) => `Deployment/emojivoto/web${n}`)
const MANY: Row[] = [
  HELLO,
  'StatefulSet/emojivoto/web',
  WEB,
  'Deployment/emojivoto/emoji',
  'Deployment/heptio-contour/contour',
  ...LISTS,
  WEB,
  'Deployment/default/nginx',
]

const VERSIONS: Record<string, Version> = {
  'stable-2.7.1': {
    protocol: 'opencensus',
    attributes: ['namespace.name', 'container.name'],
    'control-plane': [
      IDENTITY,
      ['Deployment/linkerd/linkerd-controller', { flagged: 'public-api' }],
      DESTINATION,
      HEARTBEAT,
      ['Deployment/linkerd/linkerd-web', { flagged: 'web' }],
      'Deployment/linkerd/linkerd-prometheus',
      'Deployment/linkerd/linkerd-grafana',
      'Deployment/linkerd/linkerd-proxy-injector',
      'Deployment/linkerd/linkerd-sp-validator',
      ['Deployment/linkerd/linkerd-tap', { flagged: 'tap' }],
    ],
    injected: [WEB, VOTE_BOT, 'StatefulSet/emojivoto/web', WEB, 'Deployment/emojivoto/emoji', ...LISTS, WEB],
  },
  'stable-2.14.10': {
    protocol: 'opencensus',
    attributes: NAMES_ONLY,
    'control-plane': CONTROL_PLANE,
    injected: [WEB, VOTE_BOT, ...MANY],
  },
  'edge-24.11.8': {
    protocol: 'opentelemetry',
    attributes: NAMES_ONLY,
    'control-plane': CONTROL_PLANE,
    injected: [WEB, WEB, VOTE_BOT, VOTE_BOT, ...MANY],
  },
  'edge-25.4.4': {
    protocol: 'opentelemetry',
    attributes: ['pod.uid', ...NAMES_ONLY],
    'control-plane': CONTROL_PLANE,
    injected: [WEB, WEB, VOTE_BOT, VOTE_BOT, ...MANY],
  },
  'edge-26.8.3': {
    protocol: 'opentelemetry',
    attributes: ['pod.uid', 'pod.ip', ...NAMES_ONLY],
    'control-plane': CONTROL_PLANE,
    // the second one was rendered without its _pod_ip
    injected: [WEB, WEB, VOTE_BOT, ['Pod/emojivoto/vote-bot', { without: 'pod.ip' }], ...MANY],
  },
}

interface Workload {
  id: string
  namespace: string
  /** The Pod template, or the Pod itself. */
  template: Raw
}

function readObjects(text: string): Raw[] {
  const objects = parseAllDocuments(text).map((document) => mapping((document as { toJS(): unknown }).toJS()))
  return objects.flatMap((object) => (object['kind'] === 'List' ? list(object['items']).map(mapping) : [object]))
}

function templateOf(object: Raw): Raw {
  if (object['kind'] === 'Pod') return object
  const spec = mapping(object['spec'])
  return object['kind'] === 'CronJob' ? templateOf(mapping(spec['jobTemplate'])) : mapping(spec['template'])
}

function workloadsIn(text: string): Workload[] {
  return readObjects(text).flatMap((object) => {
    const template = templateOf(object)
    if (!Array.isArray(mapping(template['spec'])['containers'])) return []
    const { name, namespace = 'default' } = mapping(object['metadata']) as { name: string; namespace?: string }
    return [{ id: `${String(object['kind'])}/${namespace}/${name}`, namespace, template }]
  })
}

const render = (version: string, file: string): string => readFileSync(join(RENDERS, version, `${file}.yaml`), 'utf8')

function rowOf(row: Row): { id: string; skipped?: string; flagged?: string; without?: string } {
  return typeof row === 'string' ? { id: row } : { id: row[0], ...row[1] }
}

/** The whole table: version, file, row by row. */
const TABLE = Object.entries(VERSIONS).flatMap(([version, expected]) =>
  (['control-plane', 'injected'] as const).map((file) => ({
    version,
    file,
    rows: expected[file].map(rowOf),
    expected,
  })),
)

function check(before: Raw, after: Raw, { row, expected }: { row: ReturnType<typeof rowOf>; expected: Version }): void {
  if (row.skipped !== undefined) {
    expect(after).toEqual(before)
    return
  }
  expect(faultsOf(before, after)).toEqual([])
  const proxy = containerNamed(after, 'linkerd-proxy')
  const variables = [ADDR, NAME, PROTOCOL, SERVICE_NAME, ATTRIBUTES_PATH].map((name) => envValue(proxy, name))
  expect(variables).toEqual([
    `${COLLECTOR}:${expected.protocol === 'opencensus' ? 55678 : 4317}`,
    'linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.cluster.local',
    expected.protocol,
    'linkerd-proxy',
    '/var/run/linkerd/podinfo/labels',
  ])
  const keys = String(envValue(proxy, EXTRA_ATTRIBUTES))
    .split('\n')
    .map((line) => line.split('=')[0])
  const wanted = expected.attributes.filter((key) => key !== row.without).map((key) => `k8s.${key}`)
  expect(keys.toSorted()).toEqual(wanted.toSorted())
  expect(mountsOf(proxy).filter((mount) => mount.name === 'linkerd-podinfo')).toHaveLength(1)
  checkOthers(before, after, row.flagged)
}

/** Containers beside the proxy stay as they are, but for the one argument of a program that knows it. */
function checkOthers(before: Raw, after: Raw, flagged: string | undefined): void {
  const old = containersOf(before)
  for (const [index, container] of containersOf(after).entries()) {
    if (container['name'] === 'linkerd-proxy') continue
    const args = container['name'] === flagged ? { args: [...list(old[index]?.['args']), FLAG] } : {}
    expect(container).toEqual({ ...old[index], ...args })
  }
}

test('the renders are beside the checkout', (context) => {
  if (process.env['CI'] !== 'true') context.skip(!isThere)
  expect(isThere, `${RENDERS} must be there (LINKERD_TRACING_SHARED)`).toBe(true)
})

describe.skipIf(!isThere)('the renders of Linkerd', () => {
  let webhook: Webhook
  let folder: string
  let namespace: string | undefined
  // the control plane's Namespace as rendered (no label of ours); those of the workloads are not known
  const known = (name: string) => (name === 'linkerd' ? { labels: {}, annotations: {} } : undefined)
  beforeAll(async () => {
    webhook = await startWebhook(settingsOfCase({ flags: {}, discovered: {} }), known)
    folder = mkdtempSync(join(tmpdir(), 'renders-'))
    namespace = join(folder, 'namespaces.yaml')
    writeFileSync(namespace, stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'linkerd' } }))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await webhook.close()
  })

  test.each(TABLE)('$version $file: the table names every workload', ({ version, file, rows }) => {
    expect(workloadsIn(render(version, file)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })

  test.each(TABLE)('$version $file through the server', async ({ version, file, rows, expected }) => {
    for (const [index, workload] of workloadsIn(render(version, file)).entries()) {
      const row = rows[index] ?? { id: 'none' }
      const pod = { apiVersion: 'v1', kind: 'Pod', ...workload.template }
      const response = responseIn(await webhook.post(JSON.stringify(reviewOf(pod, { namespace: workload.namespace }))))
      expect(response.warnings ?? [], workload.id).toEqual([])
      expect(response.auditAnnotations, workload.id).toMatchObject({
        outcome: row.skipped ? 'skipped' : 'traced',
        reason: row.skipped ?? '',
      })
      const patch = patchIn(response) as Operation[]
      check(pod, jsonPatch.applyPatch(structuredClone(pod), patch, true).newDocument, { row, expected })
    }
  })

  test.each(TABLE)('$version $file through inject', async ({ version, file, rows, expected }) => {
    const text = render(version, file)
    const injected = await inject(text)
    const after = workloadsIn(injected.stdout)
    for (const [index, workload] of workloadsIn(text).entries()) {
      const row = rows[index] ?? { id: 'none' }
      expect(injected.stderr.split('\n')[index]).toContain(row.skipped ? `skipped (${row.skipped})` : 'traced')
      check(workload.template, after[index]?.template ?? {}, { row, expected })
    }
    expect(injected.exitCode).toBe(0)
    expect((await inject(injected.stdout)).stdout).toBe(injected.stdout)
  })

  async function inject(text: string) {
    const told = { stdout: '', stderr: '' }
    const into = (stream: 'stdout' | 'stderr'): Writable =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          told[stream] += chunk.toString('utf8')
          done()
        },
      })
    const streams = { stdin: Readable.from([text]), stdout: into('stdout'), stderr: into('stderr'), env: {} }
    const flags = { namespacesFile: namespace }
    const exitCode = await runInject({ filenames: ['-'], namespace: 'default', flags }, streams)
    return { ...told, exitCode }
  }
})
