import { describe, expect, test } from 'vitest'
import { asAscii, showsUnicode } from '../../src/cli/plain-text.ts'
import { cutText, fitText, textWidth } from '../../src/cli/text-width.ts'

test.each([
  ['', 0],
  ['web', 3],
  ['naïve', 5],
  ['nai\u0308ve', 5],
  ['商店', 4],
  ['한국', 4],
  ['🛒', 2],
  ['→ ▓░█', 5],
])('%s takes %s columns', (text, width) => {
  expect(textWidth(text)).toBe(width)
})

test.each([
  ['catalog', 7, 'catalog'],
  ['catalog', 4, 'cat…'],
  ['商店街', 4, '商…'],
  ['商店街', 5, '商店…'],
  ['catalog', 1, '…'],
  ['catalog', 0, ''],
])('%s within %s columns is %s', (text, columns, cut) => {
  expect(cutText(text, columns)).toBe(cut)
})

test('what is fitted takes just as many columns', () => {
  expect(fitText('web', 5)).toBe('web  ')
  expect(fitText('商店街', 4)).toBe('商… ')
})

describe('ASCII', () => {
  test('has a letter of its own for each that is drawn, and question marks for others, as wide', () => {
    expect(asAscii('… ’ µ × → ± ≤ ─ █ ▓ ░ ▒ ·')).toBe("~ ' u x > ~ < - # = : % .")
    expect(asAscii('naïve 商店 🛒')).toBe('na?ve ???? ??')
    expect(asAscii('\u001b[31mred\u001b[0m\n')).toBe('\u001b[31mred\u001b[0m\n')
  })

  test.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C' }, false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'de_DE.ISO-8859-1', LC_CTYPE: 'C.utf8' }, true],
    [{ LC_ALL: '', LANG: 'C.UTF-8' }, true],
    [{}, false],
    [{ OS: 'Windows_NT' }, true],
  ])('is all that there is, unless the locale says more: %j', (env, isMore) => {
    expect(showsUnicode({ env })).toBe(isMore)
  })
})
