import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { keepShowing, progressOn, whileShowing } from '../../src/cli/show-progress.ts'

function terminal(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY })
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return { stream, text: () => text }
}

test('work in one piece is told of after a second, and the line goes with it', async () => {
  const { stream, text } = terminal(true)
  const { promise, resolve } = Promise.withResolvers<number>()
  const working = whileShowing(progressOn(stream), 'asking', () => promise)
  await expect.poll(text).toMatch(/asking$/)
  resolve(7)
  expect(await working).toBe(7)
  await expect.poll(() => text().endsWith('asking\r\u001b[K')).toBe(true)
})

test('work that is done at once, and a stream that is no terminal, get nothing', async () => {
  const { stream, text } = terminal(true)
  await whileShowing(progressOn(stream), 'asking', async () => {})
  const plain = terminal(false)
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 1_500))
  await whileShowing(progressOn(plain.stream), 'asking', slow)
  expect([text(), plain.text()]).toEqual(['', ''])
})

test('work that fails fails, and leaves no line and no timer', async () => {
  const { stream, text } = terminal(true)
  const failed = whileShowing(progressOn(stream), 'asking', () => Promise.reject(new Error('no')))
  await expect(failed).rejects.toThrowError('no')
  expect(text()).toBe('')
})

test('the last word is shown also while nothing goes on', async () => {
  const { stream, text } = terminal(true)
  const progress = keepShowing(progressOn(stream), 'asking')
  await expect.poll(text).toMatch(/asking$/)
  progress.show('7 spans')
  await expect.poll(text).toMatch(/7 spans$/)
  progress.clear()
  await expect.poll(() => text().endsWith('7 spans\r\u001b[K')).toBe(true)
})
