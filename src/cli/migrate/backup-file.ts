import { open, readFile } from 'node:fs/promises'
import { type Backup, backupText } from './backup.ts'
import { parseBackup } from './parse-backup.ts'

/** Takes the time, gives a name for a backup that says when it was made, in the folder that one is in. Pure. */
export function backupName(now: Date): string {
  return `linkerd-tracing-migrate-${now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}.json`
}

/** Writes a backup into a file that must not be there yet, for its owner alone: it may hold a key. It is on the disk when this ends. */
export async function writeBackup(file: string, backup: Backup): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(backupText(backup))
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'EEXIST' ? 'it is there already, and is not overwritten' : message
    throw new Error(`--backup ${file}: ${why}; nothing was changed`, { cause })
  }
}

/** Reads a backup. Throws an Error that names the file and what is wrong with it. */
export async function readBackup(file: string): Promise<Backup> {
  try {
    return parseBackup(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new Error(`--restore ${file}: ${(cause as Error).message}`, { cause })
  }
}
