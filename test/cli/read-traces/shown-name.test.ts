import { expect, test } from 'vitest'
import { runOnShop, SHOP } from './shop-run.ts'

test.each([[['stat']], [['stat', '--by', 'route']], [['traces']], [['overhead']]])(
  '%j leaves a table a table, whatever names spans have',
  async (words) => {
    const [trace] = SHOP.filter(({ spans }) => spans.some(({ tags }) => tags['direction'] === 'inbound'))
    const long = 'n\u001b[2J'.repeat(10_000)
    const spans = (trace?.spans ?? []).map((span) => ({
      ...span,
      operation: `/${long}`,
      tags: { ...span.tags, 'url.path': `/${long}` },
      process: { service: long, tags: { ...span.process.tags, 'k8s.namespace.name': long } },
    }))
    const { code, stdout } = await runOnShop(words, { traces: [{ traceId: 'ff', spans }] })
    const lines = stdout.split('\n')
    expect(code).toBe(0)
    expect(lines.length).toBeGreaterThan(2)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(500)
    expect(lines.join('')).not.toMatch(/\p{Control}/u)
  },
)
