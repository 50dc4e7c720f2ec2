import { Metadata, status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { answerOfFailure } from '../../../src/bridge/export-answer.ts'

const answered = new Metadata()
answered.set('content-type', 'application/grpc')

// The specification's table (OTLP, "Failures"), but for the two that may mean that the spans arrived.
const AGAIN = ['ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS']
const UNCONFIRMED = ['CANCELLED', 'DEADLINE_EXCEEDED']
const NAMES = Object.keys(status).filter((name) => Number.isNaN(Number(name)) && name !== 'OK')

test.each(NAMES)('%s, answered', (name) => {
  const code = status[name as keyof typeof status]
  const kind = AGAIN.includes(name) ? 'again' : UNCONFIRMED.includes(name) ? 'unconfirmed' : 'refused'
  expect(answerOfFailure({ code, details: 'why', metadata: answered }, undefined)).toMatchObject({
    kind,
    message: `${name}: why`,
  })
})

test('RESOURCE_EXHAUSTED with a pause that the collector asks for: again, after it', () => {
  const failure = { code: status.RESOURCE_EXHAUSTED, details: 'memory', metadata: answered }
  expect(answerOfFailure(failure, 700)).toMatchObject({ kind: 'again', afterMs: 700 })
  expect(answerOfFailure(failure, 0)).toMatchObject({ kind: 'again', afterMs: 0 })
})

test('a pause does not make an error that is for good one that passes', () => {
  const failure = { code: status.INVALID_ARGUMENT, details: '', metadata: answered }
  expect(answerOfFailure(failure, 700).kind).toBe('refused')
})

test.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'CANCELLED', 'UNKNOWN'] as const)(
  '%s that no collector has answered: it may have arrived',
  (name) => {
    const failure = { code: status[name], details: 'Connection dropped', metadata: new Metadata() }
    expect(answerOfFailure(failure, undefined).kind).toBe('unconfirmed')
  },
)

test('a code of the future: refused, by its number', () => {
  expect(answerOfFailure({ code: 99, details: 'x', metadata: answered }, undefined)).toEqual({
    kind: 'refused',
    message: '99: x',
  })
})
