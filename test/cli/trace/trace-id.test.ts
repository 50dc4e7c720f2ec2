import { expect, test } from 'vitest'
import { parseTraceId } from '../../../src/cli/trace/trace-id.ts'

const ID = '0af7651916cd43dd8448eb211c80319c'

test.each([
  ['as Jaeger has it', ID, ID],
  ['in capitals', ID.toUpperCase(), ID],
  ['with spaces around it', ` ${ID}\n`, ID],
  ['without its leading zeros', ID.slice(1), ID],
  ['a whole traceparent', `00-${ID}-b7ad6b7169203331-01`, ID],
  ['of 16 digits, as B3 may have it', 'a3ce929d0e0e4736', 'a3ce929d0e0e4736'],
  ['of 16 digits, without its leading zeros', 'e929d0e0e4736', '000e929d0e0e4736'],
])('%s', (_what, text, id) => {
  expect(parseTraceId(text)).toBe(id)
})

test.each(['', 'web', '0x12', `${ID}0`, 'a/b', '../services', `00-${ID}-b7ad6b7169203331`, '\u001b[2J'])(
  '%j is no ID, and the sentence says what one is',
  (text) => {
    expect(() => parseTraceId(text)).toThrow(
      `${JSON.stringify(text)} is no trace ID: must be 1 to 32 hexadecimal digits, or a traceparent`,
    )
  },
)

test('zeros alone are none', () => {
  expect(() => parseTraceId('0'.repeat(32))).toThrow('zeros alone mean that there is none')
})
