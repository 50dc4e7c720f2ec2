import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { IssuedCertificate } from './issue-certificate.ts'

const FILES = { caPem: 'ca.crt', certPem: 'tls.crt', keyPem: 'tls.key' } as const

/** What stands in a certificate folder; a file that is not there is undefined. */
export type FolderContents = { readonly [Part in keyof typeof FILES]: string | undefined }

/** Takes a folder, gives its three files. Throws what the file system says, except that a file is not there. */
export async function readCertificateFolder(folder: string): Promise<FolderContents> {
  const [caPem, certPem, keyPem] = await Promise.all(
    [FILES.caPem, FILES.certPem, FILES.keyPem].map((file) => readIfThere(join(folder, file))),
  )
  return { caPem, certPem, keyPem }
}

/**
 * Takes a folder and a certificate, writes the three files: the folder for its owner only, the key too, each file
 * whole or not at all. The CA comes first: `tls.crt` and `tls.key` without a `ca.crt` would count as somebody else's,
 * so a process that is killed in between leaves a set that the next start remakes.
 */
export async function writeCertificateFolder(folder: string, issued: IssuedCertificate): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // The folder may have been there already, with wider rights.
  await chmod(folder, 0o700)
  await writeWhole(join(folder, FILES.caPem), issued.caPem)
  await writeWhole(join(folder, FILES.keyPem), issued.keyPem)
  await writeWhole(join(folder, FILES.certPem), issued.certPem)
}

/** Takes a path, gives the file’s text; undefined: there is none. Throws what the file system says otherwise. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Takes a path and text, writes the file for its owner only, whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
