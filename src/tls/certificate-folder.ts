import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
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
 * Takes a folder and a certificate, writes the three files: the key for its owner only, each file whole or not at all.
 * What was there before (ours, as the caller knows) goes first and the key comes last: whatever moment the process is
 * killed at, no key stands beside a certificate that it does not belong to, so the next start sees that all is ours.
 */
export async function writeCertificateFolder(folder: string, issued: IssuedCertificate): Promise<void> {
  await makeFolder(folder)
  for (const file of [FILES.keyPem, FILES.certPem, FILES.caPem]) await rm(join(folder, file), { force: true })
  await writeWhole(join(folder, FILES.caPem), issued.caPem)
  await writeWhole(join(folder, FILES.certPem), issued.certPem)
  await writeWhole(join(folder, FILES.keyPem), issued.keyPem)
}

/**
 * Takes a path, makes the folder and those above it, where they are not there: for their owner only. A folder that is
 * there keeps its mode. Not by `recursive`: where a file system has the parent but takes no folder in it (/proc),
 * Node 26 tries that for ever.
 */
export async function makeFolder(folder: string): Promise<void> {
  const make = () => mkdir(folder, { mode: 0o700 })
  try {
    await make()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder))
    await make()
  }
}

/** Takes a folder, tells whether every user of the machine may write into it; on Windows its mode does not say. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  return platform() !== 'win32' && ((await stat(folder)).mode & 0o002) !== 0
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
