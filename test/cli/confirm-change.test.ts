import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { confirmChange } from '../../src/cli/confirm-change.ts'

const QUESTION = 'Restart it?'

/** A terminal, or none, at which something is typed. */
async function ask(typed: string, { isConfirmed = false, isTTY = true, question = QUESTION } = {}) {
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const stdin = Object.assign(Readable.from([typed]), { isTTY })
  const isYes = await confirmChange({ stdin, stderr }, { question, isConfirmed })
  return { isYes, told: String(stderr.read() ?? '') }
}

describe('on a terminal', () => {
  test.each([
    ['y\n', true],
    ['YES\n', true],
    ['yes', true],
    ['n\n', false],
    ['yep\n', false],
    ['\n', false],
    ['', false],
    ['no\nyes\n', false],
  ])('%j: %s', async (typed, isYes) => {
    expect(await ask(typed)).toEqual({ isYes, told: 'Restart it? [y/N] ' })
  })
})

test('what is named in the question steers no terminal', async () => {
  const { told } = await ask('y\n', { question: 'Restart \u001b[8mweb\u202e?' })
  expect(told).toBe('Restart \\u001b[8mweb\\u202e? [y/N] ')
})

test('where it was said beforehand nobody is asked', async () => {
  expect(await ask('n\n', { isConfirmed: true })).toEqual({ isYes: true, told: '' })
})

test('where nobody can be asked it is refused', async () => {
  await expect(ask('yes\n', { isTTY: false })).rejects.toThrow(
    'Restart it? Nobody can be asked here: --yes says so, --dry-run only shows it; nothing was changed',
  )
})
