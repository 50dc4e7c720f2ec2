import { expect, test } from 'vitest'
import { settingsOf } from '../../src/config/settings-of.ts'
import { CERTIFICATE_SECRET, INJECTOR } from '../../src/install/object-names.ts'
import { runInProcess } from '../cli/cli-run.ts'

test('--collector-namespace says, in the table and in serve --help, that Secret and Service are taken there', async () => {
  const sentence = settingsOf('serve').find(({ flag }) => flag === 'collector-namespace')?.sentence
  expect(sentence).toContain(`the certificates’ Secret \`${CERTIFICATE_SECRET}\``)
  expect(sentence).toContain(`the Service \`${INJECTOR}\``)
  const run = runInProcess(['serve', '--help'])
  expect(await run.returned).toBe(0)
  expect(run.stdout()).toContain(CERTIFICATE_SECRET)
})
