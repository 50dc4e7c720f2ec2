import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs openssl, an implementation that is not ours, and gives what it printed. Throws when it says no. */
export async function openssl(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('openssl', args)
  return stdout + stderr
}

/** What openssl says of the serving certificate in a folder that `certs generate` or its script has made. */
export async function verifyByOpenssl(folder: string, host: string): Promise<{ text: string; caText: string }> {
  const leaf = `${folder}/tls.crt`
  await openssl(
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    '-verify_hostname',
    host,
    '-CAfile',
    `${folder}/ca-bundle.crt`,
    leaf,
  ).catch(
    // selfsigned writes no key identifiers, which the strict check alone demands
    () =>
      openssl('verify', '-purpose', 'sslserver', '-verify_hostname', host, '-CAfile', `${folder}/ca-bundle.crt`, leaf),
  )
  const ofCertificate = await openssl('x509', '-in', leaf, '-noout', '-pubkey')
  const ofKey = await openssl('pkey', '-in', `${folder}/tls.key`, '-pubout')
  if (!ofCertificate.includes(ofKey.trim())) throw new Error('openssl: the key is not the one of the certificate')
  const [text, caText] = await Promise.all(
    [leaf, `${folder}/ca.crt`].map((file) => openssl('x509', '-in', file, '-noout', '-text')),
  )
  return { text: String(text), caText: String(caText) }
}
