import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { FolderContents } from './certificate-folder.ts'
import { STANDALONE_CA } from './standalone-names.ts'

/**
 * Takes what stands in a certificate folder, tells whose it is. Ours: nothing is there, or each file that is there was
 * provably made by `serve` for itself: the CA and the issuer of the certificate have our name, and the key is the
 * certificate's. In doubt it is somebody's, because whatever is ours may be overwritten. Pure.
 */
export function folderOwner({ caPem, certPem, keyPem }: FolderContents): 'us' | 'somebody' {
  if (caPem === undefined && certPem === undefined && keyPem === undefined) return 'us'
  // Of a pair without its CA nobody can say who signed it; and serve writes the CA first.
  if (caPem === undefined || !isOurs(caPem)) return 'somebody'
  if (certPem === undefined) return keyPem === undefined ? 'us' : 'somebody'
  if (!isOurs(certPem)) return 'somebody'
  return keyPem === undefined || isPair(certPem, keyPem) ? 'us' : 'somebody'
}

/** Of a self-signed CA the issuer is its own name. More than one certificate in a file is none of our making. */
function isOurs(pem: string): boolean {
  try {
    return new X509Certificate(pem).issuer === `CN=${STANDALONE_CA}` && pem.split('-----BEGIN').length === 2
  } catch {
    return false
  }
}

function isPair(certPem: string, keyPem: string): boolean {
  try {
    return new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem))
  } catch {
    return false
  }
}
