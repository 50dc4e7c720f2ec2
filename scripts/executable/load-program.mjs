// Stands in for src/cli/run-program.ts in the main script of the single executable: the program is beside it as an asset, so
// that what needs none of it (`_extension-metadata`) does not read it.
import { createRequire } from 'node:module'
import { getAsset, getRawAsset } from 'node:sea'
import { PROGRAM, PROGRAM_CACHE, programScript } from './program-script.mjs'

/** As that of src/cli/run-program.ts. */
export async function runProgram(words, context) {
  const script = programScript(getAsset(PROGRAM, 'utf8'), Buffer.from(getRawAsset(PROGRAM_CACHE)))
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(process.execPath), module, process.execPath)
  return module.exports.runProgram(words, context)
}
