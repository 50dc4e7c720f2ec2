import { parseSetting } from '../../config/parse-setting.ts'
import { resolveSettings } from '../../config/resolve-settings.ts'
import { quote } from '../../injection/quote.ts'
import { readNamespacesFile } from '../../kubernetes/namespaces-file.ts'
import type { CliContext } from '../context.ts'
import { printable } from '../printable.ts'
import { injectSource } from './inject-source.ts'
import type { InjectContext, InjectedTemplate } from './inject-template.ts'
import { joinSources } from './join-sources.ts'
import { ManifestError } from './manifest.ts'
import { parseManifests } from './parse-manifests.ts'
import { InputError, readSources, type Source } from './read-input.ts'
import { reportLines } from './report-line.ts'
import { streamNamespaces } from './stream-namespaces.ts'

/** What `inject` was told; settings by property name, as text. */
export interface InjectOptions {
  readonly filenames: readonly string[]
  readonly namespace: string
  readonly flags: Readonly<Record<string, unknown>>
}

/** Exit codes of `inject`, as its help and docs/inject.md list them. */
export const INJECT_EXIT = { fine: 0, error: 1, unusable: 2 } as const

/**
 * Takes what `inject` was told and the process's streams, prints all documents to stdout and a line a workload to
 * stderr, gives the exit code. When any input cannot be used, nothing goes to stdout: half of the objects piped into
 * kubectl are worse than none. Throws SettingsError, NamespacesFileError and InputError for settings that cannot be used.
 */
export async function runInject(options: InjectOptions, streams: InjectStreams): Promise<number> {
  const { values, install, warnings } = resolveSettings({ command: 'inject', flags: options.flags, env: streams.env })
  const namespace = parseSetting('namespace', options.namespace)
  if ('rule' in namespace) throw new InputError(`--namespace ${quote(options.namespace)} ${namespace.rule}`)
  for (const warning of warnings) streams.stderr.write(`warning: ${warning}\n`)
  const { namespacesFile } = values
  const context = {
    settings: install,
    readNamespace: namespacesFile === undefined ? () => undefined : await readNamespacesFile(namespacesFile),
    defaultNamespace: options.namespace,
  }
  try {
    return await injectSources(await readSources(options.filenames, streams.stdin), { context, streams })
  } catch (error) {
    if (!(error instanceof ManifestError || error instanceof InputError)) throw error
    for (const line of error.message.split('\n')) streams.stderr.write(`error: ${printable(line)}\n`)
    return INJECT_EXIT.error
  }
}

export type InjectStreams = Pick<CliContext, 'stdin' | 'stdout' | 'stderr' | 'env'>

interface InjectRun {
  readonly context: Omit<InjectContext, 'streamNamespaces'>
  readonly streams: InjectStreams
}

async function injectSources(sources: readonly Source[], { context, streams }: InjectRun): Promise<number> {
  const parsed = await allOrMistakes(sources.map(async (source) => parseManifests(source)))
  const known = { ...context, streamNamespaces: streamNamespaces(parsed.flat()) }
  const injected = await allOrMistakes(parsed.map((manifests) => injectSource(manifests, known)))
  streams.stdout.write(joinSources(injected))
  const workloads = injected.flatMap((source) => source.workloads)
  for (const workload of workloads) streams.stderr.write(reportLines(workload))
  return workloads.some(isUnusable) ? INJECT_EXIT.unusable : INJECT_EXIT.fine
}

/** As Promise.all, but with all mistakes of all files at once. */
async function allOrMistakes<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises)
  const failures = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason)
  const fault = failures.find((failure) => !(failure instanceof ManifestError))
  if (fault !== undefined) throw fault
  if (failures.length > 0) throw new ManifestError(failures.flatMap((failure) => (failure as ManifestError).mistakes))
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

function isUnusable({ decision }: InjectedTemplate): boolean {
  return (
    decision.outcome === 'skipped' &&
    ['not-pod-create', 'invalid-setting', 'unsupported-proxy'].includes(decision.reason)
  )
}
