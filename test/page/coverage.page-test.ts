// The view of coverage in a browser: gaps with reason and command, filters, a thousand workloads, and what it says where there
// is nothing to show.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { coverageAnswer } from '../../src/cli/dashboard/coverage-answer.ts'
import type { Answer } from '../../src/page/reports/answer.ts'
import type { CoverageReport } from '../../src/page/reports/coverage-report.ts'
import { madeCoverage } from '../cli/dashboard/made-coverage.ts'
import { expectAccessible } from './accessible.ts'
import { type OpenPage, openBrowser, type TestBrowser } from './browser.ts'
import { madeFigures } from './made-figures.ts'
import { manyWorkloads, shopCoverage } from './made-reports.ts'
import { type ServedPage, servePage } from './served-page.ts'

let browser: TestBrowser
let served: ServedPage
beforeAll(async () => {
  browser = await openBrowser(inject('chromium'), onTestFinished)
})
beforeEach(async () => {
  served = await servePage(
    { coverage: { report: shopCoverage() }, figures: { report: madeFigures([]) } },
    inject('page'),
  )
})
afterEach(() => served.close())
afterAll(() => browser?.close())

const open = async (): Promise<OpenPage['page']> => {
  const { page, complaints } = await browser.open(served.url)
  await page.getByRole('button', { name: 'Refresh', disabled: false }).waitFor()
  expect(complaints).toEqual([])
  return page
}
const workloads = (page: OpenPage['page']) => page.getByRole('table', { name: 'Workloads' }).locator('tbody tr')
const rowOf = (page: OpenPage['page'], name: string) => workloads(page).filter({ hasText: name })

describe('a cluster with gaps', () => {
  test('shows the one figure, what it is made of, and the gaps first', async () => {
    const page = await open()
    expect(await page.locator('.percent').innerText()).toMatch(/^76%\s+of the Pods that should be traced are$/)
    expect(await page.locator('.states li').allInnerTexts()).toContain(
      '3 waiting it is older than the opt-in, and is traced once it is restarted',
    )
    expect(await workloads(page).locator('th').allInnerTexts()).toEqual([
      'deployment/vote-bot',
      'deployment/voting',
      'deployment/api',
      'statefulset/ledger',
    ])
  })

  test('each gap has its reason and its command', async () => {
    const page = await open()
    expect(await rowOf(page, 'deployment/voting').innerText()).toMatch(
      /missed[\s\S]*the injector did not answer[\s\S]*kubectl rollout restart -n emojivoto deployment\/voting/,
    )
    expect(await rowOf(page, 'vote-bot').innerText()).toMatch(
      /invalid[\s\S]*must be host:port[\s\S]*linkerd-tracing explain deployment\/vote-bot -n emojivoto/,
    )
  })

  test('a command is copied, and that is told to who does not see it', async () => {
    const page = await open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await rowOf(page, 'deployment/voting')
      .getByRole('button', { name: /^Copy: kubectl rollout/ })
      .click()
    await expect.poll(() => page.getByRole('status').allInnerTexts()).toContain('Copied')
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      'kubectl rollout restart -n emojivoto deployment/voting',
    )
  })

  test('a command means the cluster that the page is about', async () => {
    const flags = { clusterFlags: '--context other', linkerdFlags: '-L mesh' }
    served.answers.place = { report: { version: '0.0.0', context: 'other', namespaces: [], ...flags } }
    const page = await open()
    const command = 'kubectl rollout restart -n emojivoto deployment/voting --context other'
    await rowOf(page, 'deployment/voting').getByText(command).waitFor()
    await page
      .getByRole('table', { name: 'Workloads' })
      .getByRole('button', { name: `Copy: ${command}` })
      .waitFor()
    const ours = 'linkerd-tracing explain deployment/vote-bot -n emojivoto -L mesh --context other'
    await rowOf(page, 'deployment/vote-bot').getByText(ours).waitFor()
  })

  test('is searched by words and by state', async () => {
    const page = await open()
    await page.getByRole('combobox', { name: 'State' }).selectOption('all')
    expect(await page.getByText(/^13 of 13 shown$/).count()).toBe(1)
    await page.getByRole('searchbox', { name: 'Find' }).fill('orders TRACED')
    await expect
      .poll(() => workloads(page).locator('th').allInnerTexts())
      .toEqual(['deployment/api', 'deployment/api', 'statefulset/ledger'])
    await page.getByRole('combobox', { name: 'State' }).selectOption('traced')
    await expect.poll(() => workloads(page).count()).toBe(1)
    await page.getByRole('searchbox', { name: 'Find' }).fill('nothing like it')
    await expect.poll(() => page.getByText('0 of 13 shown').count()).toBe(1)
    await expectAccessible(page)
  })

  test('a Namespace leads to its workloads, and has one command for all of its gaps', async () => {
    const page = await open()
    const namespaces = page.getByRole('table', { name: 'Coverage by Namespace' })
    expect(await namespaces.getByRole('row', { name: /^payments/ }).innerText()).toContain(
      'linkerd-tracing enable payments --restart',
    )
    expect(await namespaces.getByRole('row', { name: /^orders/ }).innerText()).toContain(
      'kubectl rollout restart -n orders deployment/api statefulset/ledger',
    )
    await namespaces.getByRole('button', { name: 'payments: show its workloads' }).click()
    await expect.poll(() => workloads(page).locator('th').allInnerTexts()).toEqual(['deployment/gateway'])
  })

  test('is read again by a button, which says so', async () => {
    const page = await open()
    served.answers.coverage = { report: manyWorkloads(5) }
    await page.getByRole('button', { name: 'Refresh' }).click()
    await expect.poll(() => page.locator('.percent').innerText()).toMatch(/^93%/)
    await expect.poll(() => page.getByRole('status').allInnerTexts()).toContain('Updated')
  })

  test('while it is read the button does nothing', async () => {
    const page = await open()
    const { promise, resolve } = Promise.withResolvers<Answer<CoverageReport>>()
    served.answers.coverage = promise
    const refresh = page.getByRole('button', { name: 'Refresh' })
    await refresh.click()
    await expect.poll(() => refresh.getAttribute('aria-disabled')).toBe('true')
    await refresh.click({ force: true })
    resolve({ report: manyWorkloads(5) })
    await expect.poll(() => page.locator('.percent').innerText()).toMatch(/^93%/)
    expect(served.asked.filter((question) => question === 'coverage')).toHaveLength(2)
  })

  test('a state that was chosen stays so when no Pod is in it any more', async () => {
    const page = await open()
    const state = page.getByRole('combobox', { name: 'State' })
    await state.selectOption('invalid')
    served.answers.coverage = { report: manyWorkloads(5) }
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('0 of 6 shown').waitFor()
    expect(await state.inputValue()).toBe('invalid')
  })
})

test('text of others is shown as text, whatever it looks like', async () => {
  const sentence = '<img src="x" onerror="document.title = 1"><script>document.title = 2</script>'
  const hostile = { namespace: 'shop', group: '', kind: 'Pod', name: '<b>bold</b>', pods: { invalid: 1 }, sentence }
  served.answers.coverage = { report: coverageAnswer(madeCoverage([hostile], ['<i>a note</i>'])) }
  const page = await open()
  expect(await rowOf(page, 'pod/<b>bold</b>').innerText()).toContain(sentence)
  expect(await page.getByText('<i>a note</i>').count()).toBe(1)
  expect(await page.title()).toBe('Coverage · linkerd-tracing')
})

test('a name that turns the direction of writing, or has no end, does neither', async () => {
  const name = `turned\u202e\u2066${'x'.repeat(2_000)}`
  const sentence = `its annotation is \u202e${'y'.repeat(2_000)}`
  const hostile = { namespace: name, group: '', kind: 'Pod', name, pods: { invalid: 1 }, sentence }
  served.answers.coverage = { report: coverageAnswer(madeCoverage([hostile], [sentence])) }
  const page = await open()
  const row = rowOf(page, 'turned')
  expect(await row.innerText()).toContain('its annotation is \\u202eyyy')
  const shown = row.locator('th').getByText(/^pod\/turned\\u202e\\u2066x{78}…$/)
  expect(await shown.getAttribute('title')).toBe(`pod/turned\\u202e\\u2066${'x'.repeat(2_000)}`)
  // As wide as it is for other names.
  for (const cell of await row.locator('th, td').all()) expect((await cell.boundingBox())?.width).toBeLessThan(500)
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  await expectAccessible(page)
})

describe('a thousand workloads', () => {
  test('are there at once, a part of them shown, and each is found', async () => {
    served.answers.coverage = { report: manyWorkloads(1_000) }
    const page = await open()
    await expect.poll(() => page.getByText('200 of 1200 shown').count()).toBe(1)
    await page.getByRole('combobox', { name: 'State' }).selectOption('all')
    await expect.poll(() => workloads(page).count()).toBe(100)
    await page.getByRole('button', { name: 'Show 100 more of 1100' }).click()
    await expect.poll(() => workloads(page).count()).toBe(200)
    await page.getByRole('searchbox', { name: 'Find' }).fill('service-999')
    await expect.poll(() => workloads(page).locator('th').allInnerTexts()).toEqual(['deployment/service-999'])
    await page.getByRole('searchbox', { name: 'Find' }).fill('service')
    await expect.poll(() => workloads(page).count()).toBe(100)
  })

  test('do not make typing slow', async () => {
    served.answers.coverage = { report: manyWorkloads(1_000) }
    const page = await open()
    await page.getByRole('combobox', { name: 'State' }).selectOption('all')
    const find = page.getByRole('searchbox', { name: 'Find' })
    const typing = async (): Promise<number> => {
      await find.fill('')
      const start = performance.now()
      for (const letter of 'service-12') await find.press(letter)
      await expect.poll(() => workloads(page).first().innerText()).toContain('service-12')
      return (performance.now() - start) / 10
    }
    // Some 15 ms on a machine that does nothing else; one that is twenty times as slow still passes.
    await expect.poll(typing, { timeout: 60_000 }).toBeLessThan(500)
  })
})

describe('where there is nothing to show', () => {
  test('not installed: how to', async () => {
    const nothing = madeCoverage([], ['linkerd-tracing is not installed here: no Pod is traced by it'])
    const { settings, notes } = nothing.installation
    const installation = { isInstalled: false, settings, notes }
    served.answers.coverage = { report: coverageAnswer({ ...nothing, installation }) }
    const page = await open()
    await page.getByText('linkerd-tracing install | kubectl apply -f -').waitFor()
    await page.getByText('linkerd-tracing is not installed here').waitFor()
    await expectAccessible(page)
  })

  test('nothing opted in: how to', async () => {
    served.answers.coverage = { report: coverageAnswer(madeCoverage([])) }
    const page = await open()
    await page.getByText('linkerd-tracing enable NAMESPACE --restart').waitFor()
    await expectAccessible(page)
  })

  test('a right is missing: which, and how to go on; once it is there, coverage comes', async () => {
    const sentence = 'cannot list pods: HTTP 403: the right to list pods is missing'
    served.answers.coverage = { problem: { sentence, commands: ['linkerd-tracing dashboard NAMESPACE'] } }
    const page = await open()
    const alert = page.getByRole('alert')
    expect(await alert.innerText()).toContain(sentence)
    expect(await alert.innerText()).toContain('linkerd-tracing dashboard NAMESPACE')
    await expectAccessible(page)
    served.answers.coverage = { report: shopCoverage() }
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.locator('.percent').waitFor()
    expect(await alert.count()).toBe(0)
  })

  test('a fault of the server: that, and where there is more', async () => {
    served.breakDown()
    const { page } = await browser.open(served.url)
    await page.getByText('The server of this page answered HTTP 500; its terminal says more.').waitFor()
  })

  test('the program has ended: that, with what was read last still there', async () => {
    const page = await open()
    await served.close()
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByRole('alert').getByText('The program that serves this page has ended.').waitFor()
    expect(await page.locator('.percent').innerText()).toMatch(/^76%/)
    await expectAccessible(page)
  })
})
