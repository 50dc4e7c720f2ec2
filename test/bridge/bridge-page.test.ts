import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BRIDGE_LIMITS } from '../../src/bridge/bridge-limits.ts'
import { AGENT_RPCS, DROP_REASONS } from '../../src/bridge/bridge-reports.ts'
import { BRIDGE_SETTINGS } from '../../src/config/bridge-settings.ts'
import { BRIDGE_METRICS } from '../../src/runtime/bridge-metrics-table.ts'
import { root } from '../source-files.ts'

const page = readFileSync(join(root, 'docs/opencensus-bridge.md'), 'utf8')
const codes = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map((match) => String(match[1]))

/** The cells of the rows below that head. */
function rows(head: string): string[][] {
  const [, table = ''] = page.split(`| ${head} |`)
  const [rest = ''] = table.split('\n\n')
  return rest
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
}

describe('docs/opencensus-bridge.md', () => {
  test('has a row for each reason to drop spans, in the order of the code, and says what to do', () => {
    const reasons = rows('reason')
    expect(reasons.flatMap(([reason]) => codes(reason))).toEqual([...DROP_REASONS])
    expect(reasons.flat().filter((cell) => cell.trim() === '')).toEqual([])
  })

  test('has a row for each metric, with its labels', () => {
    const listed = rows('bridge metric').map(([name, , , labels = '']) => [codes(name)[0], codes(labels)])
    expect(listed).toEqual(Object.values(BRIDGE_METRICS).map(({ name, labels }) => [name, [...labels]]))
    expect(AGENT_RPCS.filter((rpc) => !page.includes(rpc))).toEqual([])
  })

  test('names the limits', () => {
    const defaultOf = (flag: string) => BRIDGE_SETTINGS.find((setting) => setting.flag === flag)?.default
    const limits = rows('what | limit')
      .map((cells) => cells[1])
      .join('\n')
    const { connections, messageBytes, requestSpans, requestBytes, requestDelayMs, answerMs, retryForMs } =
      BRIDGE_LIMITS
    const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`
    for (const limit of [
      `${defaultOf('queue-bytes')}B`.replace('Mi', ' Mi'),
      Number(defaultOf('queue-spans')).toLocaleString('en'),
      `${defaultOf('max-streams')}`,
      `${connections}`,
      mib(messageBytes),
      `${requestSpans} spans or ${mib(requestBytes)}`,
      `${requestDelayMs} ms`,
      `${answerMs / 1000} s`,
      `${retryForMs / 60_000} minutes`,
    ]) {
      expect(limits).toContain(limit)
    }
  })
})
