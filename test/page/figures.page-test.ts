// The views of services and of the control plane in a browser: figures, plots and the tables that say the same, the ways into
// Jaeger, and what they say where there is nothing to show.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { expectAccessible } from './accessible.ts'
import { type OpenPage, openBrowser, type TestBrowser } from './browser.ts'
import { madeFigures, madeService } from './made-figures.ts'
import { shopCoverage, shopFigures } from './made-reports.ts'
import { type ServedPage, servePage } from './served-page.ts'

let browser: TestBrowser
let served: ServedPage
beforeAll(async () => {
  browser = await openBrowser(inject('chromium'), onTestFinished)
})
beforeEach(async () => {
  served = await servePage({ coverage: { report: shopCoverage() }, figures: { report: shopFigures() } }, inject('page'))
})
afterEach(() => served.close())
afterAll(() => browser?.close())

type Page = OpenPage['page']
const open = async (view = 'services'): Promise<Page> => {
  const { page, complaints } = await browser.open(`${served.url}#${view}`)
  await page.getByRole('button', { name: 'Refresh', disabled: false }).waitFor()
  expect(complaints).toEqual([])
  return page
}
const table = (page: Page) => page.getByRole('table', { name: 'Requests, errors and latency by service' })
const names = (page: Page) => table(page).locator('tbody th').allInnerTexts()

describe('services', () => {
  test('each with its requests, errors, latency, and what its proxies add', async () => {
    const page = await open()
    expect(await table(page).locator('thead').innerText()).toMatch(
      /Service\s+Namespace\s+Requests\s+Errors\s+p50\s+p95\s+p99/,
    )
    const cells = await table(page)
      .getByRole('row', { name: /^voting/ })
      .getByRole('cell')
      .allInnerTexts()
    expect(cells.slice(0, -1)).toEqual([
      'emojivoto',
      '1334',
      '212 (15.9%)',
      '2.9 ms',
      '11.6 ms',
      '26.1 ms',
      '520 µs',
      '-',
    ])
  })

  test('sorted by requests, and by any figure that is clicked', async () => {
    const page = await open()
    expect(await names(page)).toEqual(['web', 'emoji', 'api', 'voting', 'batch'])
    const p99 = table(page).getByRole('columnheader', { name: 'p99' })
    await p99.getByRole('button').click()
    await expect.poll(() => names(page)).toEqual(['batch', 'api', 'web', 'voting', 'emoji'])
    expect(await p99.getAttribute('aria-sort')).toBe('descending')
    await p99.getByRole('button').click()
    await expect.poll(() => p99.getAttribute('aria-sort')).toBe('ascending')
    expect(await names(page)).toEqual(['emoji', 'voting', 'web', 'api', 'batch'])
  })

  test('found by name or Namespace', async () => {
    const page = await open()
    await page.getByRole('searchbox', { name: 'Find' }).fill('orders')
    await expect.poll(() => names(page)).toEqual(['api'])
  })

  test('each leads to its traces on Jaeger’s page, in a window that learns nothing of this one', async () => {
    const page = await open()
    const link = page.getByRole('link', { name: 'Traces of web in Jaeger, in a new tab' })
    expect(await link.getAttribute('href')).toBe('http://127.0.0.1:16686/jaeger/search?service=web')
    expect(await link.getAttribute('rel')).toBe('noreferrer')
  })
})

test('a service with a name that has no end takes no more than its place', async () => {
  const name = `turned\u202e${'x'.repeat(2_000)}`
  const service = madeService(name, { namespace: name, requests: 10, errors: 0, p50Us: 1_000 })
  served.answers.figures = { report: madeFigures([service]) }
  const page = await open()
  const shown = page.getByText(/^turned\\u202ex{88}…$/)
  // Service and Namespace, in the table and above the plots.
  expect(await shown.count()).toBe(4)
  for (const one of await shown.all()) {
    expect(await one.getAttribute('title')).toBe(`turned\\u202e${'x'.repeat(2_000)}`)
    expect((await one.boundingBox())?.width).toBeLessThan(500)
  }
  await expectAccessible(page)
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
})

describe('one service', () => {
  test('the first is shown; another one that is chosen is, and read on from there', async () => {
    const page = await open()
    await page.getByRole('heading', { name: 'web in emojivoto' }).waitFor()
    await page.getByRole('button', { name: 'voting: show its plots' }).click()
    const heading = page.getByRole('heading', { name: 'voting in emojivoto' })
    await heading.waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.innerText')).toBe('voting in emojivoto')
    // Once it is gone, who types is not led away by whatever is shown in its place.
    const { services, ...report } = shopFigures()
    served.answers.figures = { report: { ...report, services: services.filter(({ service }) => service !== 'voting') } }
    await page.getByRole('button', { name: 'Refresh' }).click()
    await heading.waitFor({ state: 'detached' })
    const find = page.getByRole('searchbox', { name: 'Find' })
    await find.pressSequentially('batch')
    await expect.poll(() => names(page)).toEqual(['batch'])
    expect(await find.inputValue()).toBe('batch')
  })

  test('latency and overhead are drawn over time', async () => {
    const page = await open()
    const plots = page.getByRole('figure')
    expect(await plots.locator('figcaption').allInnerTexts()).toEqual(['Latency', 'What proxies add, at p95'])
    // As many as there are lines, and more where they are smoothed.
    const colours = (await page.evaluate(COLOURS_DRAWN)) as number[]
    expect(colours).toHaveLength(2)
    expect(colours[0]).toBeGreaterThanOrEqual(3)
    expect(colours[1]).toBeGreaterThanOrEqual(2)
  })

  test('the same stands in a table, for who does not see plots', async () => {
    const page = await open()
    await page.getByText('Latency: values as a table').click()
    const values = page.getByRole('table', { name: 'Latency over time' })
    const rows = await values.locator('tbody tr').allInnerTexts()
    expect(rows).toHaveLength(30)
    expect(rows[0]).toMatch(/^11:00:00\s+8.2 ms\s+32.8 ms\s+73.8 ms$/)
    expect(rows[7]).toMatch(/^11:14:00\s+-\s+-\s+-$/)
    await expectAccessible(page)
  })

  test('what proxies add, and what could not be measured, with the reason', async () => {
    const page = await open()
    const rows = page.getByRole('table', { name: 'What its proxies add to a request' }).locator('tbody tr')
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/^inbound\s+14207\s+204 µs\s+610 µs\s+1.22 ms\s+3: the span of at least one try/),
      expect.stringMatching(/^outbound\s+14207\s+180 µs\s+540 µs\s+1.08 ms\s+3: /),
    ])
    await page.getByRole('button', { name: 'batch: show its plots' }).click()
    await page.getByText('No spans of its proxies: what they add is not known.').waitFor()
  })
})

test('the control plane’s components have a view of their own', async () => {
  const page = await open('control-plane')
  expect(await names(page)).toEqual(['linkerd-destination', 'linkerd-identity'])
  expect(await page.getByRole('figure').locator('figcaption').allInnerTexts()).toEqual(['Latency'])
})

test('another stretch of time is asked for', async () => {
  const page = await open()
  expect(served.asked).toContain('figures seconds=3600')
  await page.getByLabel('Last').selectOption('15 minutes')
  await expect.poll(() => served.asked).toContain('figures seconds=900')
  await page.getByText('Counted are requests from 28/11/2026, 11:00:00 to 28/11/2026, 12:00:00').waitFor()
})

describe('when it cannot be read', () => {
  const problem = { sentence: 'Jaeger gives no answer', commands: [] }

  test('what was read before stays, with the time at which that was', async () => {
    const page = await open()
    const readAt = await page.getByText(/^read at /).innerText()
    await expect.poll(() => page.evaluate('new Date().toLocaleTimeString()')).not.toBe(readAt.slice('read at '.length))
    served.answers.figures = { problem }
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText(problem.sentence).waitFor()
    expect(await page.getByText(/^read at /).innerText()).toBe(readAt)
    expect(await names(page)).toContain('web')
  })

  test('figures of another stretch of time do not stand for what was asked', async () => {
    const page = await open()
    served.answers.figures = { problem }
    await page.getByLabel('Last').selectOption('15 minutes')
    await page.getByText(problem.sentence).waitFor()
    expect(await table(page).count()).toBe(0)
  })
})

test('from view to view what was read stays, and is not asked for again', async () => {
  const page = await open()
  await page.getByRole('link', { name: 'Control plane' }).click()
  await page.getByRole('button', { name: 'linkerd-identity: show its plots' }).waitFor()
  expect(served.asked.filter((question) => question.startsWith('figures'))).toHaveLength(1)
})

describe('where there is nothing to show', () => {
  test.each([
    ['services', 'Jaeger has no spans of services in this time.', 'linkerd-tracing check --span'],
    ['control-plane', 'Jaeger has no spans of the control plane in this time.', 'linkerd-tracing status linkerd'],
  ])('%s without spans: why that may be, and what tells', async (view, sentence, command) => {
    served.answers.figures = { report: madeFigures([]) }
    const page = await open(view)
    await page.getByText(sentence).waitFor()
    await page.getByText(command, { exact: true }).waitFor()
    await expectAccessible(page)
  })

  test('no Jaeger: that in both views, and coverage is there all the same', async () => {
    const sentence = 'Jaeger is not in linkerd-tracing: traces go to where --backend of install says'
    const problem = { sentence, commands: ['linkerd-tracing check'] }
    served.answers.figures = { problem }
    served.answers.jaeger = { problem }
    const page = await open()
    expect(await page.getByRole('alert').innerText()).toContain(sentence)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Coverage' }).click()
    await page.locator('.percent').waitFor()
  })

  test('a Jaeger that comes later is found by a click', async () => {
    served.answers.jaeger = { problem: { sentence: 'no Pod of Jaeger is ready', commands: [] } }
    const page = await open()
    const again = page.getByRole('button', { name: 'Jaeger: not reached, try again' })
    await again.waitFor()
    served.answers.jaeger = { report: { url: 'http://127.0.0.1:1/jaeger' } }
    await again.click()
    const link = page.getByRole('link', { name: 'Jaeger (in a new tab)' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('http://127.0.0.1:1/jaeger')
  })

  test('figures that are not of everything say so', async () => {
    const notes = ['there are more than 500000 spans', 'figures are complete from 2026-11-28T11:30:00.000Z on']
    served.answers.figures = { report: { ...shopFigures(), notes } }
    const page = await open()
    expect(await page.getByRole('list', { name: 'Notes' }).getByRole('listitem').allInnerTexts()).toEqual(notes)
  })
})

/** How many different colours each canvas has that are no shade of grey. */
const COLOURS_DRAWN = `[...document.querySelectorAll('canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const colours = new Set()
  for (let index = 0; index < data.length; index += 4) {
    const [red, green, blue, opaque] = data.slice(index, index + 4)
    if (opaque > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) colours.add(red + ' ' + green + ' ' + blue)
  }
  return colours.size
})`
