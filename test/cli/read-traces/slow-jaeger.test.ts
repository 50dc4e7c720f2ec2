import type { ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { runInProcess } from '../cli-run.ts'
import { type ServedJaeger, sendJson, serve } from './served-jaeger.ts'

let served: ServedJaeger | undefined
afterEach(() => served?.close())

test('who waits at a terminal for a first answer is told so, and the line goes with it', async () => {
  const { promise: isSeen, resolve } = Promise.withResolvers<void>()
  const answer = (response: ServerResponse) => void isSeen.then(() => sendJson(response, 200, { data: [] }))
  served = await serve((_, response) => answer(response))
  const run = runInProcess(['stat', '--jaeger-url', served.url], {}, { typed: '' })
  await expect.poll(run.stderr, { timeout: 20_000 }).toContain('asking Jaeger')
  resolve()
  expect(await run.returned).toBe(0)
  expect(run.stderr().endsWith('asking Jaeger\r\u001b[K')).toBe(true)
  expect(run.stdout()).toBe('no requests among 0 spans of 0 traces\n')
})

test.each(['stat', 'traces', 'overhead'])(
  '%s ends at --timeout where there is no answer, and says so',
  async (name) => {
    served = await serve(() => {})
    const run = runInProcess([name, '--timeout', '1s', '--jaeger-url', served.url])
    expect(await run.returned).toBe(0)
    expect(run.stderr()).toMatch(
      /^note: reading took more than 1 s \(--timeout\)\nnote: complete is only what began at 2\S+ or later\n$/,
    )
  },
)
