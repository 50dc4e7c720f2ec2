const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** Takes a quantity of Kubernetes, gives it as a number (bytes, cores); undefined for none. */
export function parseQuantity(text: string): number | undefined {
  const [, number, suffix = ''] = /^([0-9]+(?:\.[0-9]+)?)([a-zA-Z]*)$/.exec(text) ?? []
  const factor = FACTORS[suffix]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}
