import { findTracePrograms } from './programs/trace-programs.ts'

/** Builds the programs ahead of all files, where no test's time runs. Fails, and does not skip, where they cannot be built. */
export default async function setup(): Promise<void> {
  await findTracePrograms((text) => process.stderr.write(`trace tests: ${text}\n`)).catch((error: Error) => {
    // What is missing, in one sentence; where in the code that was found out helps nobody.
    error.stack = error.message
    throw error
  })
}
