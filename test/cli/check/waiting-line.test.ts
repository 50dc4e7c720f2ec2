import { expect, test } from 'vitest'
import { createWaitingLine } from '../../../src/cli/check/waiting-line.ts'

const line = (because: string) => ({ description: 'x', hint: 'x', result: 'error' as const, because })

test('a terminal shows one line at a time, of what is waited for, and nothing in the end', () => {
  const written: string[] = []
  const waiting = createWaitingLine((text) => written.push(text), true)
  waiting.clear()
  waiting.show(line('first\u001b[2J\nsecond'))
  waiting.show(line('y'.repeat(100)))
  waiting.clear()
  waiting.clear()
  const long = `waiting: x (${'y'.repeat(64)}…)`
  expect(written).toEqual(['\r\u001b[Kwaiting: x (first\\u001b[2J)', `\r\u001b[K${long}`, '\r\u001b[K'])
})

test('where there is none nothing is written', () => {
  const written: string[] = []
  const waiting = createWaitingLine((text) => written.push(text), false)
  waiting.show(line('first'))
  waiting.clear()
  expect(written).toEqual([])
})
