import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { KeyPair } from './certificates.ts'

export interface KubeconfigContent {
  readonly server: string
  /** The CA of the API server's certificate, PEM. */
  readonly authority: string
  readonly user: { readonly name: string; readonly pair: KeyPair } | { readonly name: string; readonly token: string }
}

/** Writes a kubeconfig that has everything in itself, readable by this user only. */
export async function writeKubeconfig(file: string, { server, authority, user }: KubeconfigContent): Promise<void> {
  const credentials =
    'token' in user
      ? { token: user.token }
      : { 'client-certificate-data': base64(user.pair.cert), 'client-key-data': base64(user.pair.key) }
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [{ name: user.name, user: credentials }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: user.name } }],
    'current-context': 'test',
  }
  await writeFile(file, stringify(content, { lineWidth: 0 }), { mode: 0o600 })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
