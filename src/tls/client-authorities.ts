import { CertificateFileError, readNamed } from './certificate-pair-files.ts'
import { parsePemBundle } from './pem-bundle.ts'

/**
 * Takes a file of CA certificates (PEM) and the time, gives its text once every one of them can sign clients. Throws
 * CertificateFileError: a file that trusts nobody would have every caller refused, and one with a serving certificate in
 * it was most likely meant for something else. One that has expired stays, as long as another has not.
 */
export async function readClientAuthorities(file: string, now: Date): Promise<string> {
  const pem = await readNamed(file)
  const refuse = (reason: string): never => {
    throw new CertificateFileError(`${file} cannot be used to check callers: ${reason}`)
  }
  const authorities = parseOr(pem, refuse)
  if (authorities.length === 0) refuse('there is no certificate in it')
  const index = authorities.findIndex(({ ca }) => !ca)
  if (index >= 0) refuse(`certificate ${index + 1} is not that of a CA`)
  const ends = Math.max(...authorities.map(({ validToDate }) => validToDate.getTime()))
  if (ends <= now.getTime()) refuse(`it expired at ${new Date(ends).toISOString()}`)
  return pem
}

function parseOr(pem: string, refuse: (reason: string) => never): ReturnType<typeof parsePemBundle> {
  try {
    return parsePemBundle(pem)
  } catch (error) {
    return refuse((error as Error).message)
  }
}
