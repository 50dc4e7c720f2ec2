import { mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** A folder that behaves as a Secret that the kubelet has mounted. */
export interface SecretMount {
  readonly folder: string
  /** Puts other files there as the kubelet does: a new folder, then one rename of the link `..data` onto it. */
  swap(files: Readonly<Record<string, string>>, mode?: number): Promise<void>
}

/** Mounts files as the kubelet does (kubernetes pkg/volume/util/atomic_writer.go). */
export async function mountSecret(files: Readonly<Record<string, string>>, mode = 0o600): Promise<SecretMount> {
  const folder = await mkdtemp(join(tmpdir(), 'secret-mount-'))
  folders.push(folder)
  let count = 0
  const swap: SecretMount['swap'] = async (next, nextMode = 0o600) => {
    const old = await readlink(join(folder, '..data')).catch(() => undefined)
    const name = `..2026_08_01_${count++}`
    await mkdir(join(folder, name), { mode: 0o755 })
    for (const [file, text] of Object.entries(next)) await writeFile(join(folder, name, file), text, { mode: nextMode })
    await symlink(name, join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    for (const file of Object.keys(next)) await symlink(join('..data', file), join(folder, file)).catch(() => {})
    if (old !== undefined) await rm(join(folder, old), { recursive: true })
  }
  await swap(files, mode)
  return { folder, swap }
}
