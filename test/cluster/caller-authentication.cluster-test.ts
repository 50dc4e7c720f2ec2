import { readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { ADDRESS, envOf } from '../injection/samples.ts'
import { root } from '../source-files.ts'
import { type KeyPair, makeAuthority, makeClientPair } from './control-plane/certificates.ts'
import { findFreePorts } from './control-plane/free-ports.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, injectorHost, installInjector, LAYOUT } from './installed-injector.ts'
import { dryRunPod, type LivePod } from './pods.ts'
import { type Cluster, startCluster } from './start-cluster.ts'

let folder: string
let cluster: Cluster
let injector: InstalledInjector
let port = 0
let callersCa: KeyPair

const at = (name: string) => join(folder, name)
/** As another mount would bring it: whole or not at all. */
async function writeCa(...authorities: KeyPair[]): Promise<void> {
  await writeFile(at('callers.crt.new'), authorities.map(({ cert }) => cert).join('\n'))
  await rename(at('callers.crt.new'), at('callers.crt'))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkerd-tracing-callers-'))
  port = (await findFreePorts(1))[0] ?? 0
  callersCa = await makeAuthority('callers')
  await writeCa(callersCa)
  cluster = await startCluster({ controllerManager: false, apiServerFlags: await admissionFlags() })
  injector = await installInjector(cluster, {
    certs: 'files',
    configuredPort: port,
    flags: ['--port', `${port}`, '--client-ca-file', at('callers.crt'), '--client-allowed-names', 'kube-apiserver'],
  })
  await cluster.createNamespace({ name: 'shop', labels: { 'tracing.linkerd.io/inject': 'enabled' } })
})
afterAll(async () => {
  await injector?.end()
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** What docs/certificates.md says: an AdmissionConfiguration, and a kubeconfig with a user for the injector's host. */
async function admissionFlags(): Promise<string[]> {
  const { cert, key } = await makeClientPair(callersCa, { user: 'kube-apiserver' })
  await writeFile(at('client.crt'), cert)
  await writeFile(at('client.key'), key, { mode: 0o600 })
  const documents = docsExample()
  const [admission, kubeconfig] = documents
  admission.plugins[0].configuration.kubeConfigFile = at('kubeconfig.yaml')
  const [user] = kubeconfig.users
  expect(user.name).toBe(injectorHost(LAYOUT))
  // With another port than 443, the port is part of the name.
  user.name = `${user.name}:${port}`
  user.user = { 'client-certificate': at('client.crt'), 'client-key': at('client.key') }
  await writeFile(at('admission.yaml'), stringify(admission))
  await writeFile(at('kubeconfig.yaml'), stringify(kubeconfig))
  return [`--admission-control-config-file=${at('admission.yaml')}`]
}

/** The two YAML examples of the page, parsed. */
function docsExample(): LivePod[] {
  const page = readFileSync(join(root, 'docs/certificates.md'), 'utf8')
  const section = page.slice(page.indexOf('## Caller authentication'))
  return [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(String(text)))
}

const meshedPod = () => {
  const pod = parse(readFileSync(join(root, 'samples/web.yaml'), 'utf8'))
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace: 'shop' },
    spec: { ...pod.spec, serviceAccountName: 'default', serviceAccount: 'default' },
  }
}
const isTraced = async () => envOf(await dryRunPod(cluster, meshedPod()))[ADDRESS] !== undefined
const refusals = () => injector.metric('linkerd_tracing_bad_requests_total', { status: '401' })
const becomes = (traced: boolean) =>
  waitUntil(
    { what: `Pods to be ${traced ? 'traced' : 'untraced'}`, limitMs: 30_000 },
    async () => (await isTraced()) === traced,
  )

test('the API server shows its certificate and is answered', async () => {
  await becomes(true)
  expect(await refusals()).toBe(0)
})

test('anybody else gets 401, in JSON; the admin port asks for nothing', async () => {
  const { request } = await import('node:https')
  const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', method: 'POST', path: '/mutate', rejectUnauthorized: false },
      (response) => {
        let body = ''
        response.on('data', (chunk) => (body += chunk)).on('end', () => resolve({ status: response.statusCode, body }))
      },
    )
    sent.on('error', reject).end('{}')
  })
  expect(answer).toEqual({ status: 401, body: '{"error":"a client certificate is needed"}\n' })
  expect(await refusals()).toBe(1)
  expect(await injector.isReady()).toBe(true)
})

test('an API server that is no longer trusted is refused: its Pods are admitted, untraced, and the metric tells', async () => {
  const before = await refusals()
  await writeCa(await makeAuthority('others'))
  await becomes(false)
  expect(await refusals()).toBeGreaterThan(before)
  await writeCa(callersCa)
  await becomes(true)
})
