// The command over HTTP, as a person calls it.
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { shopTraces } from '../../traces/shop-traces.ts'
import { runInProcess } from '../cli-run.ts'
import { type ServedJaeger, sendJson, serve } from '../read-traces/served-jaeger.ts'
import { asJaeger } from '../read-traces/served-traces.ts'

const [trace] = shopTraces({ spans: 1 }).traces
if (trace === undefined) throw new Error('The shop made no trace.')
const ID = trace.traceId

let jaeger: ServedJaeger | undefined
afterEach(() => jaeger?.close())

async function show(answer: (response: ServerResponse) => void, words: readonly string[] = []) {
  jaeger = await serve((_url, response) => answer(response))
  const run = runInProcess(['trace', ID.toUpperCase(), '--jaeger-url', jaeger.url, ...words], { LANG: 'C.UTF-8' })
  const code = await run.returned
  return { code, stdout: run.stdout(), stderr: run.stderr(), asked: jaeger.asked }
}

const found = (response: ServerResponse) => sendJson(response, 200, { data: [asJaeger(trace)], errors: null })

describe('the trace is asked for by its ID, with its times as they were sent', () => {
  test('and printed', async () => {
    const { code, stdout, stderr, asked } = await show(found)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Trace ${ID}: ${trace.spans.length} spans of `))
    expect(stdout).toContain('in Linkerd’s proxies')
    expect(asked.map(({ pathname, search }) => pathname + search)).toEqual([`/jaeger/api/traces/${ID}?raw=true`])
  })

  test('or given as JSON, each span once', async () => {
    const { code, stdout } = await show(found, ['-o', 'json'])
    expect(code).toBe(0)
    const { spans } = JSON.parse(stdout) as { spans: { spanId: string }[] }
    expect(spans.map(({ spanId }) => spanId).toSorted()).toEqual(trace.spans.map(({ spanId }) => spanId).toSorted())
  })
})

describe('where it is not there', () => {
  test.each([
    [
      'Jaeger says so',
      (response: ServerResponse) =>
        sendJson(response, 404, { data: null, errors: [{ code: 404, msg: 'trace not found' }] }),
    ],
    ['Jaeger gives none', (response: ServerResponse) => sendJson(response, 200, { data: [], errors: null })],
  ])('as %s, the sentence tells why that may be', async (_what, answer) => {
    const { code, stderr, stdout } = await show(answer)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`error: Jaeger has no trace ${ID}. It may be that\n`)
    for (const why of ['not sampled', 'not arrived yet', 'too old']) expect(stderr).toContain(why)
  })

  test('a wrong base path is told as what it is', async () => {
    const { code, stderr } = await show((response) => response.writeHead(404).end('404 page not found'))
    expect(code).toBe(1)
    expect(stderr).toContain('is not Jaeger’s API: does the base path belong to the URL?')
  })
})

describe('what is no trace', () => {
  test('is told, with the field that is wrong', async () => {
    const data = [{ ...asJaeger(trace), spans: [{ spanID: 'x' }] }]
    const { code, stderr } = await show((response) => sendJson(response, 200, { data }))
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: Jaeger’s answer has a trace that is none: spanID = "x": must be hexadecimal\n',
    })
  })

  test('or too large to be one, is not taken for one that is not there', async () => {
    const huge = 'x'.repeat(65 * 1024 * 1024)
    const { code, stderr } = await show((response) => sendJson(response, 200, { data: [{ traceID: ID, huge }] }))
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error: trace ${ID} has more than 64 MiB: too much to be looked at\n`,
    })
  })

  test('nor is one without spans', async () => {
    const { code, stderr } = await show((response) =>
      sendJson(response, 200, { data: [asJaeger({ ...trace, spans: [] })] }),
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: `error: trace ${ID} has no spans\n` })
  })
})

describe('on a terminal', () => {
  const print = async (columns: number, env: Readonly<Record<string, string>>) => {
    jaeger = await serve((_url, response) => found(response))
    const run = runInProcess(['trace', ID, '--jaeger-url', jaeger.url], env, { columns, isTTY: true })
    expect(await run.returned).toBe(0)
    return run.stdout()
  }
  const waterfallOf = (text: string) => text.split('\n\n')[1]?.split('\n') ?? []

  test('it is in colours and as wide as that, unless NO_COLOR is set', async () => {
    expect(await print(72, { LANG: 'C.UTF-8' })).toContain('\u001b[33m▓')
    const plain = await print(72, { LANG: 'C.UTF-8', NO_COLOR: '1' })
    expect(plain).not.toContain('\u001b')
    expect(Math.max(...waterfallOf(plain).map((line) => line.length))).toBeLessThanOrEqual(72)
    const wide = await print(1_000, { LANG: 'C.UTF-8', NO_COLOR: '1' })
    expect(Math.max(...waterfallOf(wide).map((line) => line.length))).toBeLessThanOrEqual(200)
  })

  test('it is in ASCII where the locale has no more', async () => {
    expect(await print(72, { LANG: 'C' })).toMatch(/^\p{ASCII}*$/u)
  })
})

test('what is no ID is told before anybody is asked', async () => {
  const run = runInProcess(['trace', 'web', '--jaeger-url', 'http://127.0.0.1:1'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toBe('error: "web" is no trace ID: must be 1 to 32 hexadecimal digits, or a traceparent\n')
})
