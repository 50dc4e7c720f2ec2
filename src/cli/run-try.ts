import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { readSettings } from '../config/read-settings.ts'
import { SettingsError } from '../config/setting-mistake.ts'
import type { CliContext } from './context.ts'
import { podDiff } from './pod-diff.ts'
import { postReview } from './post-review.ts'
import { readSample } from './samples.ts'
import { isColoured } from './terminal.ts'
import { type ReviewAnswer, reviewOf, type SamplePod } from './try-review.ts'

const SAMPLES = [
  { file: 'destination.yaml', title: 'Linkerd’s own destination component' },
  { file: 'web.yaml', title: 'a meshed web server' },
  { file: 'collector.yaml', title: 'the collector' },
]

/**
 * Takes the flags of `try` and the process, posts the sample Pods and prints decisions and diffs. Throws errors whose
 * message says what is wrong: settings, CA file, no server, an answer that is none.
 */
export async function runTry(flags: Readonly<Record<string, unknown>>, context: CliContext): Promise<void> {
  const { values, mistakes, warnings } = readSettings({ command: 'try', flags, env: context.env })
  if (mistakes.length > 0) throw new SettingsError(mistakes)
  for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
  const ca = await readCa(values.caFile)
  for (const { file, title } of SAMPLES) {
    const pod = parse(readSample(file)) as SamplePod
    const answer = await postReview({ url: values.url, ca, caFile: values.caFile, review: reviewOf(pod) })
    const { namespace, generateName } = pod.metadata
    const heading = `${namespace}/${generateName}… (${title})`
    context.stdout.write(
      `${[heading, ...decisionLines(answer), '', podDiff(pod, answer.patch, isColoured(context))].join('\n')}\n`,
    )
  }
}

async function readCa(caFile: string): Promise<string> {
  try {
    return await readFile(caFile, 'utf8')
  } catch (cause) {
    const hint = 'a server that has made its own certificate writes it (npm start); name another with --ca-file'
    throw new Error(`${caFile} cannot be read: ${(cause as Error).message}; ${hint}`, { cause })
  }
}

function decisionLines({ auditAnnotations, warnings }: ReviewAnswer): string[] {
  const { outcome = 'unknown', reason = '', collector = '' } = auditAnnotations
  return [
    `  outcome:   ${outcome}${reason === '' ? '' : ` (${reason})`}`,
    ...(collector === '' ? [] : [`  collector: ${collector}`]),
    ...warnings.map((warning) => `  warning:   ${warning}`),
  ]
}
