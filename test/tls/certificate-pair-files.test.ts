import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCertificatePair } from '../../src/tls/certificate-pair-files.ts'
import { mountSecret } from './secret-mount.ts'
import { testCa, testLeaf } from './test-certificates.ts'

test('both files are of one moment, also when the kubelet swaps the folder between the one and the other', async () => {
  const ca = await testCa()
  const [before, after] = [await testLeaf(ca), await testLeaf(ca)]
  const mount = await mountSecret({ 'tls.crt': after.certPem, 'tls.key': after.keyPem })
  // Who followed the link of the certificate before the swap still reads the old one by it.
  const old = await mountSecret({ 'tls.crt': before.certPem })
  await rm(join(mount.folder, 'tls.crt'))
  await symlink(join(old.folder, 'tls.crt'), join(mount.folder, 'tls.crt'))
  const { certificate } = await readCertificatePair(mount.folder, new Date())
  expect(certificate).toMatchObject(after)
})
