import { Script } from 'node:vm'

/** Names of the assets. */
export const PROGRAM = 'program.cjs'
export const PROGRAM_CACHE = 'program.cache'

/** Takes the text of a CommonJS module, gives it as a function's: at the start nothing is copied any more. */
export function wrapModule(source) {
  return `(function (exports, require, module, __filename) {${source}\n})`
}

/** Takes a wrapped module, and V8's cache of it where there is one, gives a script whose value is the module's function. */
export function programScript(wrapped, cachedData) {
  return new Script(wrapped, { filename: PROGRAM, ...(cachedData !== undefined && { cachedData }) })
}
