import { stringify } from 'yaml'
import { type CertificateReport, reportCertificate } from '../../tls/certificate-report.ts'
import type { CliContext } from '../context.ts'
import { readSource, type SourceFlags } from './read-source.ts'

export interface ReadingFlags extends SourceFlags {
  readonly name?: readonly string[]
  readonly output: 'table' | 'json' | 'yaml'
}

/** What `certs verify` ends with when something is wrong with the certificate. */
const FAULTY = 2

/** Takes the flags of `certs show` or `verify`, prints what there is to say, gives the exit code. Throws sentences. */
export async function runReading(
  command: 'show' | 'verify',
  flags: ReadingFlags,
  { stdout, env }: CliContext,
): Promise<number> {
  const found = await readSource(flags, env)
  const report = reportCertificate({ ...found, wantedNames: flags.name ?? [], now: new Date() })
  // To check against nothing would say too much.
  const problems =
    command === 'verify' && report.bundles.length === 0 ? [NO_BUNDLE, ...report.problems] : report.problems
  stdout.write(PRINT[flags.output]({ ...report, problems }))
  return command === 'verify' && problems.length > 0 ? FAULTY : 0
}

const NO_BUNDLE = 'there is no bundle to check it by: name --ca-file or --bundles'

const PRINT: Readonly<Record<ReadingFlags['output'], (report: CertificateReport) => string>> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  yaml: (report) => stringify(report),
  table: (report) =>
    [
      ['source', report.source] as const,
      ...report.chain.flatMap((line, index) => [
        [index === 0 ? 'certificate' : `chain ${index}`, line.subject] as const,
        ['  issuer', line.issuer] as const,
        ...(line.names === '' ? [] : [['  names', line.names] as const]),
        ['  valid', `${line.notBefore} to ${line.notAfter}`] as const,
        ['  sha256', line.fingerprint] as const,
      ]),
      ['key', report.key] as const,
      ...report.bundles.map(
        ({ name, certificates, trusts }) =>
          ['bundle', `${name}: ${trusts ? 'trusts it' : 'does NOT trust it'} (CAs: ${certificates})`] as const,
      ),
      ...(report.problems.length === 0
        ? [['verdict', 'fine'] as const]
        : report.problems.map((problem) => ['problem', problem] as const)),
    ]
      .map(([label, text]) => `${`${label}:`.padEnd(14)}${text}\n`)
      .join(''),
}
