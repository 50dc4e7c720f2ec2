/**
 * Each file of test/bridge/golden is one rule of the mapping. Most have one span and what becomes of it: `span` is laid
 * over a plain one of OpenCensus, `otlp` over what that becomes. Others have the messages of a stream and all that is
 * sent for them. Attributes of OTLP are written `name: {kind: value}`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import about from '../../package.json' with { type: 'json' }
import { newAgentStream } from '../../src/bridge/agent-stream.ts'
import { translateExport } from '../../src/bridge/translate-export.ts'
import { decodeOtlp, encodeCensus, type Json } from './schema/codec.ts'

interface Golden {
  readonly rule: string
  readonly span?: Json
  readonly otlp?: Json
  readonly messages?: readonly Json[]
  readonly sent?: readonly Json[]
  readonly counts?: Json
}

const FOLDER = join(import.meta.dirname, 'golden')
const cases = readdirSync(FOLDER).map((file): [string, Golden] => [
  file,
  parse(readFileSync(join(FOLDER, file), 'utf8')),
])

const PLAIN = {
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: 'a1a2a3a4a5a6a7a8',
  name: { value: 'work' },
  startTime: { seconds: 1700000000, nanos: 1 },
  endTime: { seconds: 1700000001, nanos: 999999999 },
}
const PLAIN_OTLP = {
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: 'a1a2a3a4a5a6a7a8',
  name: 'work',
  startTimeUnixNano: '1700000000000000001',
  endTimeUnixNano: '1700000001999999999',
}

describe('the cases', () => {
  test('there is one for each rule', () => expect(cases.length).toBeGreaterThan(40))
  test('each says its rule in a sentence', () => {
    expect(cases.filter(([, { rule }]) => !/^[A-Z].*\.$/s.test(rule.trim())).map(([file]) => file)).toEqual([])
  })
})

describe('one span', () => {
  test.each(cases.filter(([, { span }]) => span))('%s', (_file, { span, otlp, counts }) => {
    const message = { spans: [laidOver(PLAIN, span ?? {})] }
    const { sent, ...rest } = translate([message])
    const expected = otlp && { attributes: {}, spans: [laidOver(PLAIN_OTLP, otlp)] }
    expect(sent).toEqual(expected ? [expected] : [])
    expect(rest).toEqual({ received: 1, ownStreamSpans: 0, invalidSpans: 0, ...counts })
  })
})

describe('the messages of a stream', () => {
  test.each(cases.filter(([, { messages }]) => messages))('%s', (_file, { messages = [], sent = [], counts }) => {
    const withSpans = messages.map((message) => ({ ...message, ...spansOf(message, PLAIN) }))
    const translated = translate(withSpans)
    expect(translated.sent).toEqual(sent.map((resource) => ({ ...resource, ...spansOf(resource, PLAIN_OTLP) })))
    expect(translated).toMatchObject(counts ?? {})
  })
})

/** All messages of one stream, and what a collector gets: each resource's attributes and spans. */
function translate(messages: readonly Json[]) {
  const stream = newAgentStream()
  const results = messages.map((message) => translateExport(stream, encodeCensus(message)))
  const sum = (count: 'received' | 'ownStreamSpans' | 'invalidSpans') =>
    results.reduce((total, result) => total + result[count], 0)
  return {
    sent: results.flatMap(({ batches }) => batches.flatMap(({ resourceSpans }) => readable(decodeOtlp(resourceSpans)))),
    received: sum('received'),
    ownStreamSpans: sum('ownStreamSpans'),
    invalidSpans: sum('invalidSpans'),
  }
}

type List = readonly Json[]

/** Takes a request, gives its resources; holds on the way what is the same for all of them. */
function readable(request: Json) {
  return (request['resourceSpans'] as List).map(({ resource, scopeSpans, ...more }) => {
    expect(more).toEqual({})
    const [{ scope, spans } = { scope: {}, spans: [] }, ...others] = scopeSpans as List
    expect(others).toEqual([])
    expect(scope).toEqual({ name: 'linkerd-tracing/opencensus-bridge', version: about.version })
    return { ...withReadable(resource as Json, { attributes: [] }), spans: (spans as List).map(readableSpan) }
  })
}

function readableSpan(span: Json): Json {
  const parts = (list: unknown) => (list as List).map((part) => withReadable(part))
  return {
    ...withReadable(span),
    ...('events' in span && { events: parts(span['events']) }),
    ...('links' in span && { links: parts(span['links']) }),
  }
}

function withReadable(part: Json, otherwise: Json = {}): Json {
  const { attributes, ...rest } = { ...otherwise, ...part }
  return attributes === undefined ? rest : { ...rest, attributes: byName(attributes as List) }
}

function byName(attributes: List): Json {
  const names = attributes.map(({ key }) => key)
  expect(new Set(names).size).toBe(names.length)
  return Object.fromEntries(attributes.map(({ key, value }) => [String(key), value]))
}

function spansOf(message: Json, plain: Json): Json {
  const { spans } = message as { spans?: List }
  return spans === undefined ? {} : { spans: spans.map((span) => laidOver(plain, span)) }
}

/** Fields that are null are taken away. */
function laidOver(plain: Json, span: Json): Json {
  return Object.fromEntries(Object.entries({ ...plain, ...span }).filter(([, value]) => value !== null))
}
