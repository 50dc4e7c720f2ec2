import type { CliContext } from './context.ts'

/** Takes a stream, gives whether a person reads it as it is written. */
export function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true
}

/** Takes the process's streams and environment, gives whether stdout may have colour (https://no-color.org). */
export function isColoured({ stdout, env }: Pick<CliContext, 'stdout' | 'env'>): boolean {
  return isTerminal(stdout) && (env['NO_COLOR'] ?? '') === ''
}
