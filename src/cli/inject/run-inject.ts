import { parseSetting } from '../../config/parse-setting.ts'
import { resolveSettings } from '../../config/resolve-settings.ts'
import { quote } from '../../injection/quote.ts'
import { readNamespacesFile } from '../../kubernetes/namespaces-file.ts'
import type { CliContext } from '../context.ts'
import { injectSource } from './inject-source.ts'
import type { InjectContext, InjectedTemplate } from './inject-template.ts'
import { joinSources } from './join-sources.ts'
import { ManifestError } from './manifest.ts'
import { InputError, readSources, type Source } from './read-input.ts'
import { reportLines } from './report-line.ts'

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
  const context: InjectContext = {
    settings: install,
    readNamespace: namespacesFile === undefined ? () => undefined : await readNamespacesFile(namespacesFile),
    defaultNamespace: options.namespace,
  }
  try {
    return await injectSources(await readSources(options.filenames, streams.stdin), { context, streams })
  } catch (error) {
    if (!(error instanceof ManifestError || error instanceof InputError)) throw error
    for (const line of error.message.split('\n')) streams.stderr.write(`error: ${line}\n`)
    return INJECT_EXIT.error
  }
}

export type InjectStreams = Pick<CliContext, 'stdin' | 'stdout' | 'stderr' | 'env'>

interface Surroundings {
  readonly context: InjectContext
  readonly streams: InjectStreams
}

async function injectSources(sources: readonly Source[], { context, streams }: Surroundings): Promise<number> {
  const results = await Promise.allSettled(sources.map((source) => injectSource(source, context)))
  const failures = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason)
  const fault = failures.find((failure) => !(failure instanceof ManifestError))
  if (fault !== undefined) throw fault
  // All mistakes of all files at once.
  if (failures.length > 0) throw new ManifestError(failures.flatMap((failure) => (failure as ManifestError).mistakes))
  const injected = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  streams.stdout.write(joinSources(injected))
  const workloads = injected.flatMap((source) => source.workloads)
  for (const workload of workloads) streams.stderr.write(reportLines(workload))
  return workloads.some(isUnusable) ? INJECT_EXIT.unusable : INJECT_EXIT.fine
}

function isUnusable({ decision }: InjectedTemplate): boolean {
  return decision.outcome === 'skipped' && ['invalid-setting', 'unsupported-proxy'].includes(decision.reason)
}
