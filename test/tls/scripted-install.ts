import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newFolder, runInProcess } from '../cli/cli-run.ts'
import { findFreePorts } from '../cluster/control-plane/free-ports.ts'
import { ScriptedApi } from '../kubernetes/scripted-api.ts'

export const SECRETS = '/api/v1/namespaces/linkerd-tracing/secrets'
export const SECRET = 'linkerd-tracing-injector-certs'
export const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
export const MARK = 'linkerd-collector-injector-webhook-config'
export const TRACE = 'linkerd-tracing-injector-webhook-config'

const entry = (name: string) => ({ name, clientConfig: { service: { name: 'linkerd-tracing-injector' } } })

/** An API server that has what the manifests make, and a kubeconfig for it. */
export interface ScriptedInstall {
  readonly api: ScriptedApi
  /** Starts `serve --certs self-managed` in this process; gives what ends it. */
  serve(...flags: string[]): Promise<{ metric(line: RegExp): Promise<boolean>; end(): Promise<void> }>
  /** One key of the Secret, decoded; undefined: it is not there. */
  stored(key: string): string | undefined
  store(data: Readonly<Record<string, string | undefined>>): void
  /** The caBundles of a configuration, decoded. */
  bundles(configuration: string): string[]
  /** Has somebody else write these bundles. */
  writeBundles(configuration: string, pem: string): void
}

export async function scriptedInstall(): Promise<ScriptedInstall> {
  const api = new ScriptedApi()
  await api.start()
  const kubeconfig = join(await newFolder(), 'config')
  const named = { cluster: 'c', user: 'u' }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${api.port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: named }],
    'current-context': 'c',
  }
  await writeFile(kubeconfig, JSON.stringify(config))
  const webhooks = (configuration: string) =>
    (api.get(CONFIGURATIONS, configuration)?.['webhooks'] ?? []) as { clientConfig: { caBundle?: string } }[]
  const put = (name: string, entries: object[]) => api.put(CONFIGURATIONS, { metadata: { name }, webhooks: entries })
  put(MARK, [entry('mark.tracing.linkerd.io')])
  put(TRACE, [entry('control-plane.tracing.linkerd.io'), entry('workloads.tracing.linkerd.io')])
  api.put(SECRETS, { metadata: { name: SECRET } })
  return {
    api,
    serve: async (...flags) => {
      const [adminPort = 0] = await findFreePorts(1)
      const ports = ['--port', '0', '--admin-port', `${adminPort}`, '--drain-seconds', '0']
      const run = runInProcess(['serve', '--certs', 'self-managed', '--kubeconfig', kubeconfig, ...ports, ...flags])
      if ((await run.returned) !== 0) throw new Error(run.stderr())
      return {
        metric: async (line) => line.test(await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()),
        end: async () => {
          run.signals.emit('SIGINT')
          await run.exited
        },
      }
    },
    stored: (key) => {
      const data = (api.get(SECRETS, SECRET)?.['data'] ?? {}) as Record<string, string>
      return data[key] === undefined ? undefined : Buffer.from(data[key], 'base64').toString('utf8')
    },
    store: (data) => {
      const encoded = Object.entries(data).flatMap(([key, text]) =>
        text === undefined ? [] : [[key, Buffer.from(text).toString('base64')]],
      )
      api.put(SECRETS, { metadata: { name: SECRET }, data: Object.fromEntries(encoded) })
    },
    bundles: (configuration) =>
      webhooks(configuration).map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString()),
    writeBundles: (configuration, pem) => {
      const caBundle = Buffer.from(pem).toString('base64')
      put(
        configuration,
        webhooks(configuration).map((one) => ({ ...one, clientConfig: { ...one.clientConfig, caBundle } })),
      )
    },
  }
}
