import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { tellInterrupted } from '../../src/cli/tell-interrupted.ts'

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])(
  '%s ends the program with %i, and with what is true by then; what is named in it steers no terminal',
  (signal, code) => {
    const signals = new EventEmitter()
    const stderr = new PassThrough()
    const codes: number[] = []
    let left = 'a, b'
    tellInterrupted({ signals, stderr, exit: (one) => codes.push(one) }, () => `not restarted: ${left};\nagain`)
    left = 'b\u009b2J\u202e'
    signals.emit(signal)
    expect(String(stderr.read())).toBe('\ninterrupted: not restarted: b\\u009b2J\\u202e;\nagain\n')
    expect(codes).toEqual([code])
  },
)
