// The order of restarts, and a cluster that is played: Pods of others come and go while it is healed.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type HealGate, healGate } from '../../../src/cli/heal/heal-gate.ts'
import { type HealParts, healWorkloads } from '../../../src/cli/heal/heal-workloads.ts'
import type { WorkloadName } from '../../../src/cli/pod-coverage/workload.ts'

const named = (name: string): WorkloadName => ({ namespace: 'shop', group: 'apps', kind: 'Deployment', name })
const namesOf = (workloads: readonly (WorkloadName | { readonly workload: WorkloadName })[]) =>
  workloads.map((one) => ('workload' in one ? one.workload.name : one.name))

/** A clock that only pauses move. */
function playedClock() {
  let time = 0
  return {
    now: () => time,
    pause: async (ms: number) => {
      time += ms
    },
  }
}

/** Gates that open at a time, and restarts that go wrong; all of it by a clock of its own. */
function played(gates: Record<string, HealGate | number>, faults: Record<string, string> = {}) {
  const clock = playedClock()
  const restarted: string[] = []
  const parts: HealParts = {
    foresee: async () => undefined,
    look: async ({ name }) => {
      const gate = gates[name] ?? { state: 'open' }
      if (typeof gate !== 'number') return gate
      return clock.now() >= gate ? { state: 'open' } : { state: 'waits', because: 'a budget' }
    },
    restart: async ({ name }) => {
      restarted.push(name)
      const because = faults[name]
      return because === undefined ? { state: 'restarted' } : { state: 'failed', because }
    },
    clock,
    patienceMs: 10_000,
    onProgress: () => {},
  }
  return { parts, restarted }
}

describe('the order', () => {
  test('is that of the list, but for what has to wait: that comes after the others', async () => {
    const { parts, restarted } = played({ a: 5_000 })
    const healing = await healWorkloads(['a', 'b', 'c'].map(named), parts)
    expect(restarted).toEqual(['b', 'c', 'a'])
    expect(healing).toEqual({ healed: ['b', 'c', 'a'].map(named), left: [] })
  })

  test('what waits longer than patience lasts is left, with its command, and the next one is waited for', async () => {
    const { parts, restarted } = played({ a: 99_000, b: 15_000 })
    const healing = await healWorkloads(['a', 'b'].map(named), parts)
    expect(restarted).toEqual(['b'])
    expect(healing.left).toEqual([
      { workload: named('a'), because: 'a budget', command: 'kubectl rollout restart -n shop deployment/a' },
    ])
  })

  test('what is closed meanwhile is left, what is healed meanwhile is nobody’s concern', async () => {
    const { parts, restarted } = played({ a: { state: 'closed', because: 'it is paused' }, b: { state: 'healed' } })
    const healing = await healWorkloads(['a', 'b', 'c'].map(named), parts)
    expect(restarted).toEqual(['c'])
    expect(healing).toEqual({ healed: [named('c')], left: [{ workload: named('a'), because: 'it is paused' }] })
  })
})

describe('what stops', () => {
  test('a restart that does not end well: those after it are left, those that waited too', async () => {
    const { parts, restarted } = played({ a: 5_000 }, { c: 'no image' })
    const { healed, left, failed } = await healWorkloads(['a', 'b', 'c', 'd'].map(named), parts)
    expect(restarted).toEqual(['b', 'c'])
    expect(namesOf(healed)).toEqual(['b'])
    expect(namesOf(left)).toEqual(['d', 'a'])
    expect(failed).toEqual({ workload: named('c'), because: 'no image' })
  })

  test('an injector that is away again: nothing is restarted for nothing', async () => {
    const { parts, restarted } = played({})
    const foresee = async ({ name }: WorkloadName) => (name === 'b' ? 'the injector does not answer' : undefined)
    const { failed, left } = await healWorkloads(['a', 'b', 'c'].map(named), { ...parts, foresee })
    expect(restarted).toEqual(['a'])
    expect(failed).toEqual({ workload: named('b'), because: 'the injector does not answer' })
    expect(namesOf(left)).toEqual(['c'])
  })
})

interface Model {
  readonly workloads: readonly { readonly replicas: number; readonly away: number; readonly fails: boolean }[]
  /** Which workloads a budget counts, and how many Pods it wants to be well. */
  readonly budgets: readonly { readonly members: readonly boolean[]; readonly desired: number }[]
  /** How many Pods of the workloads are unwell, moment by moment. */
  readonly unwell: readonly (readonly number[])[]
}

const SIZE = 4
const models: fc.Arbitrary<Model> = fc.record({
  workloads: fc.array(
    fc.record({
      replicas: fc.integer({ min: 1, max: 6 }),
      away: fc.integer({ min: 0, max: 3 }),
      fails: fc.boolean(),
    }),
    { minLength: SIZE, maxLength: SIZE },
  ),
  budgets: fc.array(
    fc.record({
      members: fc.array(fc.boolean(), { minLength: SIZE, maxLength: SIZE }),
      desired: fc.integer({ min: 0, max: 12 }),
    }),
    { maxLength: 3 },
  ),
  unwell: fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: SIZE, maxLength: SIZE }), {
    minLength: 1,
    maxLength: 6,
  }),
})

/** Plays a model: what is well is counted here on its own, and each restart is held to it. */
async function play({ workloads, budgets, unwell }: Model) {
  let [looks, going] = [0, 0]
  const begun: number[] = []
  const illnesses = () => unwell[Math.min(looks, unwell.length - 1)] ?? []
  const wellOf = (index: number) => Math.max(0, (workloads[index]?.replicas ?? 0) - (illnesses()[index] ?? 0))
  const wellIn = (members: readonly boolean[]) =>
    members.reduce((sum, isMember, index) => sum + (isMember ? wellOf(index) : 0), 0)
  const allIn = (members: readonly boolean[]) =>
    members.reduce((sum, isMember, index) => sum + (isMember ? (workloads[index]?.replicas ?? 0) : 0), 0)
  const healing = await healWorkloads(
    workloads.map((_, index) => named(String(index))),
    {
      foresee: async () => undefined,
      look: async (workload) => {
        looks++
        const index = Number(workload.name)
        const { replicas = 0, away = 0 } = workloads[index] ?? {}
        const available = wellOf(index)
        return healGate({
          workload,
          states: ['missed'],
          object: {
            metadata: { generation: 1 },
            spec: { replicas, strategy: { rollingUpdate: { maxUnavailable: away, maxSurge: 1 } } },
            status: { observedGeneration: 1, replicas, updatedReplicas: replicas, availableReplicas: available },
          },
          pods: [{ name: 'a', labels: { [`w${index}`]: '' }, state: 'missed' }],
          budgets: budgets.map(({ members, desired }) => ({
            spec: {
              selector: { matchExpressions: [{ key: `w${index}`, operator: members[index] ? 'Exists' : 'In' }] },
            },
            status: {
              disruptionsAllowed: Math.max(0, wellIn(members) - desired),
              expectedPods: allIn(members),
              desiredHealthy: desired,
            },
          })),
          autoscalers: [],
        })
      },
      restart: async ({ name }) => {
        const index = Number(name)
        const { replicas = 0, away = 0, fails = false } = workloads[index] ?? {}
        expect(++going, 'restarts at a time').toBe(1)
        expect(wellOf(index), 'Pods that are well before').toBe(replicas)
        expect(away, 'Pods away at a time').toBeLessThan(replicas)
        for (const { members, desired } of budgets)
          if (members[index] && away > 0) expect(wellIn(members) - away).toBeGreaterThanOrEqual(desired)
        begun.push(index)
        await new Promise(setImmediate)
        going--
        return fails && index === 2 ? { state: 'failed', because: 'no image' } : { state: 'restarted' }
      },
      clock: playedClock(),
      patienceMs: 6_000,
      onProgress: () => {},
    },
  )
  return { healing, begun }
}

test('never two at once, never below a budget, never without a Pod; each workload ends in one place', async () => {
  let [healedAll, waited] = [0, 0]
  await fc.assert(
    fc.asyncProperty(models, async (model) => {
      const { healing, begun } = await play(model)
      const { healed, left, failed } = healing
      const places = [...namesOf(healed), ...namesOf(left), ...(failed === undefined ? [] : namesOf([failed]))]
      expect(places.toSorted()).toEqual(['0', '1', '2', '3'])
      expect(begun.map(String)).toEqual([...namesOf(healed), ...(failed === undefined ? [] : namesOf([failed]))])
      healedAll += healed.length
      waited += namesOf(healed).join() === namesOf(healed).toSorted().join() ? 0 : 1
    }),
    { numRuns: 500 },
  )
  // Or nothing was tried.
  expect(healedAll).toBeGreaterThan(200)
  expect(waited).toBeGreaterThan(5)
})
