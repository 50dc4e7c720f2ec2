import { nearestName } from '../../config/nearest-name.ts'
import { propertyOf } from '../../config/setting.ts'
import { readValues, type ValuesLayer } from '../../install/values/read-values.ts'
import { describeValueMistake, type ValueMistake, ValuesError } from '../../install/values/value-mistake.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { CliContext } from '../context.ts'
import { flagLayer, setLayer } from './flag-values.ts'
import { INSTALL_FLAGS, LINKERD_NAMESPACE_FLAG } from './install-flags.ts'
import { fileLayer } from './value-files.ts'

/** What was typed, by the names of commander; a flag that was not typed is absent. */
export type TypedFlags = Readonly<Record<string, unknown>>

/**
 * Takes the flags that were typed, gives the values: those that are kept, files in their order, flags, `--set`. Throws ValuesError
 * with every mistake at once, ValuesFileError, FlagFormError.
 */
export async function readInstallValues(
  typed: TypedFlags,
  { stdin }: Pick<CliContext, 'stdin'>,
  kept: readonly ValuesLayer[] = [],
): Promise<InstallValues> {
  const files: ValuesLayer[] = []
  for (const file of listOf(typed['values'])) files.push(await fileLayer(file, stdin))
  const flags = [...INSTALL_FLAGS, { ...LINKERD_NAMESPACE_FLAG, kind: 'value' } as const]
    .map((row) => ({ row, given: typed[propertyOf(row.flag)] }))
    .filter(({ given }) => given !== undefined)
    .map(({ row, given }) => flagLayer(row, given))
  const reading = readValues([...kept, ...files, ...flags, ...listOf(typed['set']).map(setLayer)])
  if (!('values' in reading)) throw new ValuesError(reading.mistakes, describeWithNearest)
  return reading.values
}

function describeWithNearest(mistake: ValueMistake): string {
  const { known = [] } = mistake
  const key = mistake.path.split('.').at(-1) ?? ''
  const nearest = known.length === 0 ? '' : `; the nearest is ${nearestName(key, known)}`
  return `${describeValueMistake(mistake)}${nearest}`
}

function listOf(given: unknown): readonly string[] {
  return given === undefined ? [] : [given].flat().map(String)
}
