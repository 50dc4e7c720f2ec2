/** Takes what was thrown, gives whether it is a fault of the program, rather than an error that was foreseen. Pure. */
export function isFault(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError
  )
}
