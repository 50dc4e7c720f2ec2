import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPartialSuccess, readRetryDelayMs } from '../../../src/bridge/answer-messages.ts'
import { partialSuccess, retryInfo, statusDetails } from './collector-answers.ts'

describe('partial success', () => {
  test('how many spans were rejected, and why', () => {
    expect(readPartialSuccess(partialSuccess(7, 'too old'))).toEqual({ rejectedSpans: 7, message: 'too old' })
  })

  test.each([
    ['an empty answer', new Uint8Array()],
    ['an empty partial success', partialSuccess(0, '')],
    ['bytes that are no message', Buffer.from('ffffffff', 'hex')],
    ['a negative number', partialSuccess(-1, '')],
  ])('%s rejects nothing', (_what, bytes) => {
    expect(readPartialSuccess(bytes)).toEqual({ rejectedSpans: 0, message: '' })
  })
})

describe('RetryInfo', () => {
  test.each([
    [0, 0, 0],
    [3, 0, 3000],
    [1, 250_000_000, 1250],
    [-5, 0, 0],
  ])('%d s and %d ns are %d ms', (seconds, nanos, ms) => {
    expect(readRetryDelayMs(statusDetails(retryInfo(seconds, nanos)))).toBe(ms)
  })

  test('is found among other details', () => {
    const other = { type: 'type.googleapis.com/google.rpc.DebugInfo', value: new Uint8Array([10, 1, 65]) }
    expect(readRetryDelayMs(statusDetails(other, retryInfo(2, 0)))).toBe(2000)
  })

  test('without one, or without sense: no pause is asked for', () => {
    expect(readRetryDelayMs(statusDetails())).toBeUndefined()
    expect(readRetryDelayMs(new BinaryWriter().tag(3, WireType.LengthDelimited).string('ÿÿ').finish())).toBeUndefined()
    expect(readRetryDelayMs(Buffer.from('1aff', 'hex'))).toBeUndefined()
  })

  test('no value at all is a pause of nothing', () => {
    expect(readRetryDelayMs(statusDetails({ ...retryInfo(0, 0), value: undefined }))).toBe(0)
  })
})

test('any bytes are read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(readPartialSuccess(bytes).rejectedSpans).toBeGreaterThanOrEqual(0)
      expect(readRetryDelayMs(bytes) ?? 0).toBeGreaterThanOrEqual(0)
    }),
  )
})
