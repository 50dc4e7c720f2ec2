import { describe, expect, test } from 'vitest'
import { decide, meshedPod, proxyContainer, type Raw } from './samples.ts'

const BRIDGE = 'linkerd-collector.linkerd-tracing.svc.cluster.local:55678'
const FLAG = `-trace-collector=${BRIDGE}`
const destination = {
  name: 'destination',
  image: 'cr.l5d.io/linkerd/controller:edge-26.8.3',
  args: ['destination', '-log-level=info'],
}

interface Options {
  readonly labels?: Record<string, unknown>
  readonly namespace?: string
  readonly settings?: Record<string, unknown>
}

function argsOf(
  container: Raw,
  {
    labels = { 'linkerd.io/control-plane-component': 'destination' },
    namespace = 'linkerd',
    settings = {},
  }: Options = {},
) {
  const pod = meshedPod({ labels, spec: { containers: [null, container, proxyContainer()] } })
  const { decision, patched } = decide(pod, { request: { namespace }, settings })
  expect(decide(patched, { request: { namespace }, settings }).patch).toEqual([])
  return { args: patched.spec.containers[1].args, outcome: decision.outcome, warnings: decision.warnings }
}

describe('the control plane’s programs', () => {
  test.each<[string, Raw, string[]]>([
    ['destination', destination, ['destination', '-log-level=info', FLAG]],
    ['identity', { ...destination, args: ['identity'] }, ['identity', FLAG]],
    ['one of a digest', { ...destination, image: 'controller@sha256:0' }, ['destination', '-log-level=info', FLAG]],
    [
      'public-api of 2.9',
      { ...destination, image: 'controller:stable-2.9.5', args: ['public-api'] },
      ['public-api', FLAG],
    ],
    ['tap of 2.7', { ...destination, image: 'controller:stable-2.7.1', args: ['tap'] }, ['tap', FLAG]],
    ['web of 2.7', { ...destination, image: 'gcr.io/linkerd-io/web:stable-2.7.1', args: ['-x=y'] }, ['-x=y', FLAG]],
    ['one with an empty command', { ...destination, command: [] }, ['destination', '-log-level=info', FLAG]],
  ])('are traced: %s', (_, container, args) => {
    expect(argsOf(container)).toMatchObject({ args, warnings: [] })
  })
  test.each<[string, Raw]>([
    ['another program', { ...destination, args: ['proxy-injector'] }],
    ['another image', { ...destination, image: 'policy-controller:edge-26.8.3' }],
    ['an image that only ends alike', { ...destination, image: 'my-controller:edge-26.8.3' }],
    ['a command of its own', { ...destination, command: ['/policy'] }],
    ['no arguments', { ...destination, args: undefined }],
    ['empty arguments', { ...destination, args: [] }],
    ['an argument that is no text', { ...destination, args: [1] }],
    ['no image', { ...destination, image: undefined }],
    ['Linkerd’s own containers', { ...destination, name: 'linkerd-init' }],
    ['tap after 2.9', { ...destination, image: 'controller:stable-2.10.0', args: ['tap'] }],
    ['public-api of an edge', { ...destination, image: 'controller:edge-20.1.1', args: ['public-api'] }],
    ['tap of an unknown version', { ...destination, image: 'controller:mine', args: ['tap'] }],
    ['web after 2.9', { ...destination, image: 'web:stable-2.10.0', args: ['-x'] }],
  ])('others keep their arguments, as they would stop on a flag they do not know: %s', (_, container) => {
    expect(argsOf(container)).toMatchObject({ args: container.args, outcome: 'traced' })
  })
  test('are looked for in the control-plane namespace only, by its label', () => {
    expect(argsOf(destination, { namespace: 'shop' }).args).toEqual(destination.args)
    expect(argsOf(destination, { labels: {} }).args).toEqual(destination.args)
  })
  test('a container without a name is a container as well', () => {
    expect(argsOf({ ...destination, name: undefined }).args).toContain(FLAG)
  })
  test('without a bridge they stay as they are, with a warning, and the proxy is traced', () => {
    const { args, outcome, warnings } = argsOf(destination, { settings: { opencensusAddress: '' } })
    expect({ args, outcome }).toEqual({ args: destination.args, outcome: 'traced' })
    expect(warnings).toEqual([expect.stringContaining('container "destination" is not traced itself')])
  })
})

describe('a flag that is there', () => {
  const withFlags = (...flags: unknown[]) => argsOf({ ...destination, args: ['destination', ...flags, '-z'] })
  test.each<[unknown[], unknown[]]>([
    [['-trace-collector=old:1'], [FLAG]],
    [['--trace-collector=old:1'], [`-${FLAG}`]],
    [
      ['-trace-collector', 'old:1'],
      ['-trace-collector', BRIDGE],
    ],
    [
      ['--trace-collector', 'old:1'],
      ['--trace-collector', BRIDGE],
    ],
    [
      ['-trace-collector=old:1', 5, '--trace-collector=old:2'],
      [FLAG, 5, `-${FLAG}`],
    ],
    [['-trace-collector=old\n:1'], [FLAG]],
    [['-trace-collectors=old:1'], ['-trace-collectors=old:1', '-z', FLAG]],
  ])('%j is replaced in place', (flags, expected) => {
    const { args } = withFlags(...flags)
    expect(args).toEqual(['destination', ...expected, ...(expected.includes('-z') ? [] : ['-z'])])
  })
  test('is found in the first argument as well, where that is no program', () => {
    const web = { name: 'web', image: 'web:stable-2.7.1', args: ['-trace-collector=old:1', '-x'] }
    expect(argsOf(web).args).toEqual([FLAG, '-x'])
  })
  test('a warning names the old and the new address', () => {
    expect(withFlags('-trace-collector=old:1').warnings).toEqual([
      `-trace-collector "old:1" of container "destination" is replaced by "${BRIDGE}"`,
    ])
  })
  test('an empty one is no other collector', () => {
    expect(withFlags('-trace-collector=')).toMatchObject({ args: ['destination', FLAG, '-z'], warnings: [] })
  })
  test('one without its value, which would stop the program, gets it', () => {
    const { args, warnings } = argsOf({ ...destination, args: ['destination', '-trace-collector'] })
    expect({ args, warnings }).toEqual({ args: ['destination', FLAG], warnings: [] })
  })
  test('the right one stays', () => {
    expect(withFlags('--trace-collector', BRIDGE).args).toEqual(['destination', '--trace-collector', BRIDGE, '-z'])
  })
})
