import { relative } from 'node:path'
import { SETTINGS } from '../config/settings-table.ts'
import { findSampleFile } from './samples.ts'

export interface Greeting {
  readonly host: string
  readonly port: number
  readonly adminPort: number
  readonly caFile: string | undefined
  readonly nodeVersion: string
}

/** Takes where the server is, gives the text for a person at a terminal: URLs and a curl command to paste. */
export function serveGreeting({ host, port, adminPort, caFile, nodeVersion }: Greeting): string {
  const shownHost = reachableHost(host)
  const url = `https://${shownHost}:${port}/mutate`
  const lines = [
    `linkerd-tracing serves (Node ${nodeVersion})`,
    `  webhook  ${url}`,
    `  admin    http://${shownHost}:${adminPort} with /live, /ready and /metrics`,
  ]
  // Of a foreign certificate we do not know which CA trusts it, so there is no command that would surely work.
  if (caFile !== undefined) lines.push('', ...waysToTry(url, caFile))
  return `${lines.join('\n')}\n`
}

function waysToTry(url: string, caFile: string): string[] {
  const sample = findSampleFile('review.json')
  // The single executable has no files beside it, and no npm.
  if (sample === undefined) return [`See three Pods before and after: linkerd-tracing try${tryFlags(url, caFile)}`]
  const data = `--data @${quote(relative('', sample))}`
  return [
    'Send it a sample review:',
    `  curl --cacert ${quote(caFile)} -H 'content-type: application/json' ${data} ${url}`,
    `Or see three Pods before and after: npm run try${separated(tryFlags(url, caFile))}`,
  ]
}

/** npm hands on only what stands behind `--`. */
function separated(flags: string): string {
  return flags === '' ? '' : ` --${flags}`
}

/** What differs from what `try` takes by itself is in the command, so that it can be pasted as it is. */
function tryFlags(url: string, caFile: string): string {
  const isDefault = (flag: string, value: string) =>
    SETTINGS.some((setting) => setting.flag === flag && 'default' in setting && setting.default === value)
  const flags = [
    ...(isDefault('url', url) ? [] : ['--url', quote(url)]),
    ...(isDefault('ca-file', caFile) ? [] : ['--ca-file', quote(caFile)]),
  ]
  return flags.map((flag) => ` ${flag}`).join('')
}

/** The name to reach a listening address by, on the same machine, that the certificate is for. */
function reachableHost(host: string): string {
  if (host === '::' || host === '0.0.0.0') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Quotes a word for a POSIX shell, where it needs it. */
function quote(word: string): string {
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
