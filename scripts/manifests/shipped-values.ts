import { withoutCluster } from '../../src/cli/install/ask-cluster.ts'
import type { DecidedValues } from '../../src/install/install-manifests.ts'
import { readValues } from '../../src/install/values/read-values.ts'
import { ValuesError } from '../../src/install/values/value-mistake.ts'

/** Takes settings, gives the complete values that `install` makes of them where no cluster can be asked. Throws ValuesError. */
export function shippedValues(said: Readonly<Record<string, unknown>>): DecidedValues {
  const reading = readValues([{ source: 'manifests', values: said }])
  if (!('values' in reading)) throw new ValuesError(reading.mistakes)
  return withoutCluster(reading.values, '').values
}
