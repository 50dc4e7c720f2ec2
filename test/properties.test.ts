/**
 * What holds of every Pod, whatever it looks like. FUZZ_RUNS sets how many are tried (`npm run fuzz`: 200,000).
 */
import fc from 'fast-check'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { afterAll, describe, expect, test } from 'vitest'
import { parseAdmissionReview } from '../src/admission/parse-admission-review.ts'
import { toAdmissionResponse } from '../src/admission/to-admission-response.ts'
import { decideInjection } from '../src/injection/decide-injection.ts'
import { podPatch } from '../src/injection/pod-patch.ts'
import { reviewOf } from './golden-harness/case-folder.ts'
import { type OddCase, oddCase } from './golden-harness/odd-pods.ts'
import { faultsOf, OURS } from './golden-harness/pod-rules.ts'
import { containersOf, list, mapping, type Raw } from './golden-harness/raw-pod.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 10_000)
const MINUTES = 60_000

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}

function answer(odd: OddCase, pod: unknown) {
  const review = reviewOf({}, { namespace: odd.namespaceName, dryRun: odd.dryRun })
  // Past the boundary any object may come, also one that parseAdmissionReview refuses.
  const request = { ...parseAdmissionReview(review).request, object: pod }
  const decision = decideInjection(frozen({ request, namespace: odd.namespace, settings: odd.settings }))
  const patch = podPatch(request.object, decision)
  return { decision, patch, response: toAdmissionResponse(request, decision, patch) }
}

function applied(pod: unknown, patch: readonly unknown[]): unknown {
  // Through text and back, as the API server gets it.
  const operations = JSON.parse(JSON.stringify(patch)) as Operation[]
  return jsonPatch.applyPatch(structuredClone(pod), operations, true).newDocument
}

const isProxy = (container: unknown): boolean => mapping(container)['name'] === 'linkerd-proxy'

/** The Pod without what we may change; lists and maps that we may have made count as absent. */
function rest(pod: unknown, outcome: string): unknown {
  const copy = structuredClone(pod) as { metadata?: Raw; spec?: Raw }
  stripAnnotations(copy, outcome)
  if (outcome !== 'traced') return copy
  const spec = mapping(copy.spec)
  stripAdded(spec, 'volumes')
  for (const container of containersOf(copy)) {
    if (isProxy(container)) {
      const env = list(container['env']).filter((entry) => !OURS.includes(String(mapping(entry)['name'])))
      setOrDrop(container, 'env', env)
      stripAdded(container, 'volumeMounts')
    } else if (Array.isArray(container['args'])) container['args'] = withoutFlag(container['args'])
  }
  return copy
}

function stripAnnotations(copy: { metadata?: Raw }, outcome: string): void {
  const ours = outcome === 'marked' ? 'linkerd.io/inject' : 'tracing.linkerd.io/status'
  const others = Object.entries(mapping(mapping(copy.metadata)['annotations'])).filter(([key]) => key !== ours)
  if (typeof copy.metadata !== 'object' || copy.metadata === null || Array.isArray(copy.metadata)) delete copy.metadata
  else if (others.length > 0) copy.metadata['annotations'] = Object.fromEntries(others)
  else delete copy.metadata['annotations']
  if (copy.metadata && Object.keys(copy.metadata).length === 0) delete copy.metadata
}

function setOrDrop(holder: Raw, key: string, items: unknown[]): void {
  if (items.length > 0) holder[key] = items
  else delete holder[key]
}

/** What we add stands at the end, under one of our names; what was there stays, in its order. */
function stripAdded(holder: Raw, key: string): void {
  const items = list(holder[key])
  const names = ['linkerd-podinfo', 'linkerd-tracing-podinfo', 'podinfo', 'data']
  setOrDrop(
    holder,
    key,
    items.filter((item) => !names.includes(String(mapping(item)['name']))),
  )
}

function withoutFlag(args: unknown[]): unknown[] {
  const index = args.findIndex((arg) => typeof arg === 'string' && /^--?trace-collector(=|$)/.test(arg))
  if (index < 0) return args
  // What follows is its value, unless it is no text at all.
  const isJoined = String(args[index]).includes('=') || typeof args[index + 1] !== 'string'
  return withoutFlag(args.toSpliced(index, isJoined ? 1 : 2))
}

/** What was there of volumes and mounts is still there, in front, and at most one came. */
function onlyAppended(before: unknown, after: unknown): boolean {
  const was = list(before)
  const is = list(after)
  return is.length - was.length <= 1 && JSON.stringify(is.slice(0, was.length)) === JSON.stringify(was)
}

function expectOnlyOurs(before: unknown, after: unknown, outcome: string): void {
  expect(rest(after, outcome)).toEqual(rest(before, outcome))
  expect(onlyAppended(mapping(mapping(before)['spec'])['volumes'], mapping(mapping(after)['spec'])['volumes'])).toBe(
    true,
  )
  const old = containersOf(before)
  for (const [index, container] of containersOf(after).entries()) {
    expect(onlyAppended(old[index]?.['volumeMounts'], container['volumeMounts'])).toBe(true)
  }
}

const seen = new Map<string, number>()

function expectAllRules(odd: OddCase): void {
  const first = answer(odd, odd.pod)
  const { outcome } = first.decision
  seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
  expect(first.response.warnings?.filter((w) => Buffer.byteLength(w) > 255 || /\p{Cc}/u.test(w)) ?? []).toEqual([])
  expect(Object.values(first.response.auditAnnotations).filter((value) => typeof value !== 'string')).toEqual([])
  expect(first.patch.length > 0).toBe(outcome === 'traced' || outcome === 'marked')
  if (first.patch.length === 0) return
  const patched = applied(odd.pod, first.patch)
  expectOnlyOurs(odd.pod, patched, outcome)
  // Two containers of that name make no valid Pod, before or after.
  if (outcome === 'traced' && containersOf(odd.pod).filter(isProxy).length === 1) {
    expect(faultsOf(odd.pod, patched)).toEqual([])
  }
  const second = answer(odd, patched)
  expect(second.patch).toEqual([])
  expect(second.decision.outcome).toBe(outcome === 'traced' ? 'already-traced' : 'skipped')
}

describe('every Pod', () => {
  test(
    `keeps the rules (${RUNS} Pods)`,
    () => {
      fc.assert(
        fc.property(oddCase, (odd) => {
          expectAllRules(odd)
        }),
        { numRuns: RUNS },
      )
    },
    60 * MINUTES,
  )

  test(
    'gets the same answer whatever came before',
    () => {
      fc.assert(
        fc.property(fc.array(oddCase, { minLength: 2, maxLength: 8 }), (odds) => {
          const texts = odds.map((odd) => JSON.stringify(answer(odd, odd.pod)))
          const again = odds
            .toReversed()
            .map((odd) => JSON.stringify(answer(structuredClone(odd), structuredClone(odd.pod))))
          expect(again.toReversed()).toEqual(texts)
        }),
        { numRuns: Math.ceil(RUNS / 8) },
      )
    },
    60 * MINUTES,
  )

  // A generator whose Pods all fall through the first rows would prove nothing.
  afterAll(() => {
    for (const outcome of ['traced', 'skipped']) expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(RUNS / 20)
    expect(seen.get('marked') ?? 0, 'marked').toBeGreaterThan(0)
  })
})
