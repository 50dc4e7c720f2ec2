import { quote } from '../../injection/quote.ts'
import { parseQuantity } from './quantity.ts'
import type { ValueMistake } from './value-mistake.ts'
import type { InstallValues } from './values-schema.ts'

const PLACES = ['injector', 'collector', 'bridge', 'jaeger'] as const
const AMOUNTS = ['cpu', 'memory'] as const
/** `700m` and `0.7` are the same, whatever their last bits are. */
const ROUNDING = 1 + 1e-9

/** Takes complete values, gives the requests that are above their limits: the API server takes no Pod that has one. Pure. */
export function resourceMistakes(values: InstallValues): Omit<ValueMistake, 'source'>[] {
  return PLACES.flatMap((place) => {
    const { requests, limits } = values[place].resources
    return AMOUNTS.flatMap((amount) => {
      const [request, limit] = [parseQuantity(requests[amount]), parseQuantity(limits[amount])]
      // What is left out limits nothing.
      if (request === undefined || limit === undefined || request <= limit * ROUNDING) return []
      const rule = `must not be above ${place}.resources.limits.${amount} ${quote(limits[amount])}: the API server takes no such Pod`
      return [{ path: `${place}.resources.requests.${amount}`, value: requests[amount], rule }]
    })
  })
}
