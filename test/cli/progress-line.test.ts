import { expect, test } from 'vitest'
import { createProgressLine } from '../../src/cli/progress-line.ts'

function line(isTerminal: boolean) {
  const written: string[] = []
  const clock = { now: 5_000 }
  const write = (text: string) => written.push(text)
  return { written, clock, progress: createProgressLine({ write, isTerminal, now: () => clock.now }) }
}

test('in the first second nothing is shown, then one line at a time, and nothing in the end', () => {
  const { written, clock, progress } = line(true)
  progress.show('early')
  clock.now += 1_000
  progress.show('500 Pods')
  progress.show('too soon after it')
  clock.now += 100
  progress.show(`\u001b[2J${'y'.repeat(100)}`)
  progress.clear()
  progress.clear()
  expect(written).toEqual(['\r\u001b[K500 Pods', `\r\u001b[K\\u001b[2J${'y'.repeat(67)}…`, '\r\u001b[K'])
})

test('where there is no terminal nothing is written', () => {
  const { written, clock, progress } = line(false)
  clock.now += 10_000
  progress.show('500 Pods')
  progress.clear()
  expect(written).toEqual([])
})
