/** Oldest Node that the program is tested for: the first 22 whose TypeScript runs without a flag and a warning. */
const OLDEST = { major: 22, minor: 19 }

/** Takes a Node version (`22.19.0`), gives undefined when the program runs on it, else what to tell the user. Pure. */
export function nodeVersionMistake(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined
  return [
    `linkerd-tracing needs Node ${OLDEST.major}.${OLDEST.minor} or newer; this is Node ${version}.`,
    'npm start uses the Node that npm installed beside the program, whatever the machine has: run it once, or',
    'install a current Node and start the program with that.',
  ].join('\n')
}
