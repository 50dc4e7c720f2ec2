// What holds for every view: keyboard, light and dark, small screens, and that nothing comes from elsewhere.
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { expectAccessible } from './accessible.ts'
import { type OpenPage, openBrowser, type TestBrowser } from './browser.ts'
import { shopCoverage, shopFigures } from './made-reports.ts'
import { type ServedPage, servePage } from './served-page.ts'

let browser: TestBrowser
let served: ServedPage
beforeAll(async () => {
  browser = await openBrowser(inject('chromium'), onTestFinished)
  served = await servePage({ coverage: { report: shopCoverage() }, figures: { report: shopFigures() } }, inject('page'))
})
afterAll(async () => {
  await browser?.close()
  await served?.close()
})

type Page = OpenPage['page']
const VIEWS = ['coverage', 'services', 'control-plane']
const open = async (view: string, options = {}): Promise<OpenPage> => {
  const opened = await browser.open(`${served.url}#${view}`, options)
  await opened.page.getByRole('button', { name: 'Refresh', disabled: false }).waitFor()
  await opened.page.getByRole('table').first().waitFor()
  return opened
}
/** The accessible name, more or less, of what has the focus. */
const focused = (page: Page) =>
  page.evaluate(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText',
  ) as Promise<string>

describe('by keyboard alone', () => {
  test('first comes a link over all that is the same on each view', async () => {
    const { page } = await open('coverage')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Refresh')
    expect(page.url()).toMatch(/#coverage$/)
  })

  test('the views are reached, and read from their title on', async () => {
    const { page } = await open('coverage')
    const services = page.getByRole('link', { name: 'Services' })
    await tabTo(page, 'Services')
    await page.keyboard.press('Enter')
    // The link that was followed has the same text: only the element tells that the focus has moved.
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
    expect(await focused(page)).toBe('Services')
    expect(await services.getAttribute('aria-current')).toBe('page')
    expect(await page.title()).toBe('Services · linkerd-tracing')
  })

  test('a service is chosen, a column sorted, a plot opened as a table', async () => {
    const { page } = await open('services')
    await tabTo(page, 'p50')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.getByRole('columnheader', { name: 'p50' }).getAttribute('aria-sort'))
      .toBe('descending')
    await tabTo(page, 'emoji: show its plots')
    await page.keyboard.press('Space')
    await expect.poll(() => focused(page)).toBe('emoji in emojivoto')
    await tabTo(page, 'Latency: values as a table')
    await page.keyboard.press('Enter')
    await page.getByRole('table', { name: 'Latency over time' }).waitFor()
  })

  test.each(VIEWS)('on %s whatever has the focus is seen to have it, and nothing holds it', async (view) => {
    const { page } = await open(view)
    const stops = await walk(page)
    expect(stops.length).toBeGreaterThan(10)
    expect(stops.length).toBeLessThan(MANY_STOPS)
    expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([])
  })
})

const MANY_STOPS = 200

interface Stop {
  readonly name: string
  readonly isSeen: boolean
}

/** From control to control until the browser's own come. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = []
  while (stops.length < MANY_STOPS) {
    await page.keyboard.press('Tab')
    if (await page.evaluate('document.activeElement === document.body')) break
    stops.push({ name: await focused(page), isSeen: await page.evaluate(IS_FOCUS_SEEN) })
  }
  return stops
}

/** Goes on from control to control, as a person does. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < 100; stops++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === name) return
  }
  throw new Error(`${name} is not reached by the Tab key`)
}

const IS_FOCUS_SEEN = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
  const { width, height, bottom } = document.activeElement.getBoundingClientRect()
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && width > 1 && height > 1 && bottom > 0
})()`

// Each on another screen, as opening a view takes the longest.
const SCREENS = [
  { colorScheme: 'light', viewport: { width: 1_280, height: 720 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const
describe.each(SCREENS)('$colorScheme, on a screen of $viewport.width pixels', ({ colorScheme, viewport }) => {
  test.each(VIEWS)('%s can be read, and what is wide scrolls in itself', async (view) => {
    const { page, complaints } = await open(view, { colorScheme, viewport })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    const back = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string
    const [red = 0] = back.match(/\d+/g)?.map(Number) ?? []
    expect(red > 128).toBe(colorScheme === 'light')
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })
})

test('plots take other colours when the desktop does', async () => {
  const { page } = await open('services', { colorScheme: 'light' })
  const drawn = () => page.evaluate('document.querySelector("canvas").toDataURL()')
  const before = await drawn()
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(drawn).not.toBe(before)
})

test.each(['toString', 'nothing-like-it'])('an address that names no view, #%s, shows the first', async (name) => {
  const { page } = await browser.open(`${served.url}#${name}`)
  await page.getByRole('heading', { name: 'Coverage', exact: true }).waitFor()
  expect(await page.title()).toBe('Coverage · linkerd-tracing')
})

test('everything comes from this server, and nobody is told of the address', async () => {
  const context = await browser.open('about:blank')
  const asked: string[] = []
  const referrers: (string | undefined)[] = []
  context.page.on('request', (request) => {
    asked.push(request.url())
    referrers.push(request.headers()['referer'])
  })
  await context.page.goto(`${served.url}#services`)
  await context.page.getByRole('figure').first().waitFor()
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter((url) => !url.startsWith(served.url) && !url.startsWith('data:'))).toEqual([])
  expect(referrers.filter(Boolean)).toEqual([])
})

test('what is not the page’s own is blocked: inline scripts, inline styles, frames, forms', async () => {
  const { page, complaints } = await open('coverage')
  await page.evaluate(`{
    const add = (tag, more) => document.body.append(Object.assign(document.createElement(tag), more))
    add('style', { textContent: 'body { color: red }' })
    add('img', { src: 'https://example.invalid/x.png' })
    add('iframe', { src: 'https://example.invalid/' })
  }`)
  await expect.poll(() => complaints.filter((text) => text.includes('Content Security Policy')).length).toBe(3)
  await expect(page.evaluate('document.body.innerHTML = "<b>x</b>"')).rejects.toThrowError(/TrustedHTML/)
})
