/** A service by its place. */
export interface Place {
  readonly service: string
  readonly namespace: string | undefined
}

/** Takes two services, gives which comes first: by Namespace, then by name. Pure. */
export function byPlace(a: Place, b: Place): number {
  return compareTexts(a.namespace ?? '', b.namespace ?? '') || compareTexts(a.service, b.service)
}

/** Takes two texts, gives which comes first by code points: the order must not depend on where the program runs. Pure. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
