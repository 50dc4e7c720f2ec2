/** The value below which that part (0 to 1) of the values lies, by nearest rank; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export interface Slope {
  readonly slope: number
  /** The true slope is within so much of it, with 95 %. */
  readonly within: number
}

/** Fits a straight line by least squares: how far y rises for each x. Takes three points or more. */
export function fitSlope(points: readonly (readonly [x: number, y: number])[]): Slope {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [middleX, middleY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const spreadX = points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0) / spreadX
  const unexplained = points.reduce((sum, [x, y]) => sum + (y - middleY - slope * (x - middleX)) ** 2, 0)
  // Student's t for 95 % lies between 2.1 (18 degrees of freedom) and 1.96 (very many); fewer points are not worth a claim.
  return { slope, within: 2.1 * Math.sqrt(unexplained / (points.length - 2) / spreadX) }
}
