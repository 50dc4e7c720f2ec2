import { join } from 'node:path'
import { findPrograms } from '../../test/go-programs/find-programs.ts'

/** Gives where the load generator and the empty server in Go are; built the first time (seconds). */
export async function findBenchPrograms(say: (text: string) => void): Promise<{ load: string; emptyServer: string }> {
  const folder = await findPrograms(
    {
      what: 'The benchmark’s load generator',
      folder: join(import.meta.dirname, 'programs'),
      packages: { load: './load', 'empty-server': './empty-server' },
    },
    say,
  )
  return { load: join(folder, 'load'), emptyServer: join(folder, 'empty-server') }
}
