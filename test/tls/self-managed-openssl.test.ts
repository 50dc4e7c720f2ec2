// What the injectors make for themselves, in the judgement of openssl. The soak does the same with every certificate that
// was stored on a real cluster.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIssuer, serviceNames } from '../../src/tls/self-managed/issuer.ts'
import type { Authority } from '../../src/tls/self-managed/stored-certificates.ts'
import { openssl } from './openssl.ts'

const names = serviceNames({ name: 'linkerd-tracing-injector', namespace: 'linkerd-tracing' }, 'cluster.local')
const HOST = 'linkerd-tracing-injector.linkerd-tracing.svc'
const [SKEW_S, SERVING_S, CA_S] = [300, 3_600, 36_000]
const NOW_S = 1_900_000_000
const settings = {
  caLifetimeMs: CA_S * 1000,
  servingLifetimeMs: SERVING_S * 1000,
  skewMs: SKEW_S * 1000,
  caRenewAt: 0.5,
  servingRenewAt: 0.5,
  settleMs: 60_000,
}
const issuer = createIssuer({ settings, names, now: () => NOW_S * 1000 })

let folder: string
let cas: Authority[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'self-managed-openssl-'))
  cas = await Promise.all([issuer.issueCa(), issuer.issueCa(), issuer.issueCa()])
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}
const verifies = (bundle: string, leaf: string, ...words: string[]) =>
  openssl('verify', '-attime', `${NOW_S}`, ...words, '-CAfile', bundle, leaf).then(
    () => true,
    () => false,
  )

test('a certificate of any CA of a bundle is good by the whole bundle, whichever stands first', async () => {
  const purpose = ['-purpose', 'sslserver', '-verify_hostname', HOST]
  for (const [index, ca] of cas.entries()) {
    const leaf = await file(`${index}.crt`, (await issuer.issueServing(ca)).pem)
    for (let shift = 0; shift < cas.length; shift += 1) {
      const order = cas.map((_ca, place) => cas[(place + shift) % cas.length]?.pem).join('')
      expect(await verifies(await file('bundle.crt', order), leaf, ...purpose)).toBe(true)
    }
    const others = cas.filter((other) => other !== ca).map(({ pem }) => pem)
    expect(await verifies(await file('bundle.crt', others.join('')), leaf)).toBe(false)
  }
})

test('it is good for its Service’s names, for servers, and by the clocks that the settings say', async () => {
  const [ca] = cas
  if (ca === undefined) throw new Error('no CA')
  const bundle = await file('bundle.crt', ca.pem)
  const leaf = await file('leaf.crt', (await issuer.issueServing(ca)).pem)
  for (const name of names) expect(await verifies(bundle, leaf, '-verify_hostname', name)).toBe(true)
  expect(await verifies(bundle, leaf, '-verify_hostname', 'elsewhere.svc')).toBe(false)
  expect(await verifies(bundle, leaf, '-purpose', 'sslclient')).toBe(false)
  const at = (second: number) => verifies(bundle, leaf, '-attime', `${NOW_S + second}`)
  const seconds = [-SKEW_S - 1, -SKEW_S, SERVING_S - 1, SERVING_S + 1]
  expect(await Promise.all(seconds.map(at))).toEqual([false, true, true, false])
  const caAt = (second: number) => verifies(bundle, bundle, '-attime', `${NOW_S + second}`)
  expect(await Promise.all([-SKEW_S - 1, -SKEW_S, CA_S - 1, CA_S + 1].map(caAt))).toEqual([false, true, true, false])
})
