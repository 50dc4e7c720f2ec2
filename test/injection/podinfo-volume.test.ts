import { describe, expect, test } from 'vitest'
import { ATTRIBUTES_PATH, decide, envOf, meshedPod, proxyOf, type Raw } from './samples.ts'

const labels = (name: string, path: unknown = 'labels') => ({
  name,
  downwardAPI: {
    items: [
      { path: 'x', fieldRef: { fieldPath: 'metadata.name' } },
      null,
      { path, fieldRef: { fieldPath: 'metadata.labels' } },
    ],
  },
})

interface Found {
  readonly path: string | undefined
  readonly volumes: string[]
  readonly mounts: string[]
  readonly warnings: readonly string[]
}

function podinfo(volumes: Raw, proxy: Raw = {}): Found {
  const { decision, patched } = decide(meshedPod({ spec: { volumes }, proxy: { volumeMounts: [], ...proxy } }))
  expect(decide(patched).patch).toEqual([])
  return {
    path: envOf(patched)[ATTRIBUTES_PATH],
    volumes: (patched.spec.volumes ?? []).map((volume: Raw) => volume?.name),
    mounts: (proxyOf(patched).volumeMounts ?? []).map((mount: Raw) => `${mount?.name} ${mount?.mountPath}`),
    warnings: decision.warnings,
  }
}

describe('the file with the Pod’s labels', () => {
  test.each([[undefined], [null], [[]]])('is made where there is no volume at all: %j', (volumes) => {
    expect(podinfo(volumes, { volumeMounts: volumes && [] })).toEqual({
      path: '/var/run/linkerd/podinfo/labels',
      volumes: ['linkerd-podinfo'],
      mounts: ['linkerd-podinfo /var/run/linkerd/podinfo'],
      warnings: [],
    })
  })
  test('is a downward-API volume', () => {
    expect(decide(meshedPod({ spec: { volumes: [] } })).patched.spec.volumes).toEqual([
      {
        name: 'linkerd-podinfo',
        downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
      },
    ])
  })
  test('is Linkerd’s own, whose mount path has no leading slash', () => {
    const mount = { name: 'linkerd-podinfo', mountPath: 'var/run/linkerd/podinfo' }
    expect(podinfo([labels('linkerd-podinfo')], { volumeMounts: [mount] })).toMatchObject({
      path: '/var/run/linkerd/podinfo/labels',
      mounts: ['linkerd-podinfo var/run/linkerd/podinfo'],
    })
  })
  test('is reused with its own path, dollars doubled', () => {
    const volumeMounts = [{ name: 'other', mountPath: '/other' }, null, { name: 'info', mountPath: '/etc/$info/' }]
    expect(podinfo([null, {}, labels('info', 'all/pod-labels')], { volumeMounts }).path).toBe(
      '/etc/$$info/all/pod-labels',
    )
  })
  test.each(['./labels', '/labels', 'a/../labels', 'labels/'])(
    'is named by its plain path, so that we find it again: %s',
    (path) => {
      expect(podinfo([labels('info', path)]).path).toBe('/var/run/linkerd/podinfo/labels')
    },
  )
  test('is mounted in the proxy when only the application has it', () => {
    expect(podinfo([labels('info', 'pod-labels')])).toMatchObject({
      path: '/var/run/linkerd/podinfo/pod-labels',
      volumes: ['info'],
      mounts: ['info /var/run/linkerd/podinfo'],
    })
  })
  test.each([
    ['the file alone', { subPath: 'a/labels', mountPath: '/l' }, '/l'],
    ['the folder that it lies in', { subPath: 'a/', mountPath: '/l' }, '/l/labels'],
    ['the whole volume', { subPath: '', mountPath: '/l' }, '/l/a/labels'],
  ])('is found in a mount of %s', (_, mount, path) => {
    expect(podinfo([labels('info', 'a/labels')], { volumeMounts: [{ name: 'info', ...mount }] }).path).toBe(path)
  })
  test.each([
    ['another part', { subPath: 'b', mountPath: '/l' }],
    ['a part whose name only begins alike', { subPath: 'a/label', mountPath: '/l' }],
    ['a part that nobody knows yet', { subPathExpr: '$(X)', mountPath: '/l' }],
    ['nothing', {}],
    ['nothing at an empty path', { mountPath: '' }],
  ])('is mounted once more where a mount shows %s', (_, mount) => {
    expect(podinfo([labels('info', 'a/labels')], { volumeMounts: [{ name: 'info', ...mount }] }).path).toBe(
      '/var/run/linkerd/podinfo/a/labels',
    )
  })
  test.each<[string, Raw]>([
    ['no downward API', { name: 'linkerd-podinfo', emptyDir: {} }],
    ['no items', { name: 'linkerd-podinfo', downwardAPI: {} }],
    [
      'no labels',
      {
        name: 'linkerd-podinfo',
        downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.annotations' } }] },
      },
    ],
    ['no path', labels('linkerd-podinfo', 5)],
    ['an empty path', labels('linkerd-podinfo', '')],
  ])('gives way where the name is somebody else’s: %s', (_, volume) => {
    expect(podinfo([volume])).toMatchObject({
      path: '/var/run/linkerd-tracing/podinfo/labels',
      volumes: ['linkerd-podinfo', 'linkerd-tracing-podinfo'],
      mounts: ['linkerd-tracing-podinfo /var/run/linkerd-tracing/podinfo'],
    })
  })
  test('gives way to a mount of its name whose volume is still to come', () => {
    const { path, volumes } = podinfo([], { volumeMounts: [{ name: 'linkerd-podinfo', mountPath: '/data' }] })
    expect({ path, volumes }).toEqual({
      path: '/var/run/linkerd-tracing/podinfo/labels',
      volumes: ['linkerd-tracing-podinfo'],
    })
  })
  test.each<[string, Raw]>([
    ['the same', { volumeMounts: [{ name: 'x', mountPath: '/var/run/linkerd/podinfo' }] }],
    ['the same in another spelling', { volumeMounts: [{ name: 'x', mountPath: 'var/run//linkerd/podinfo/' }] }],
    ['above', { volumeMounts: [{ name: 'x', mountPath: '/var/run/linkerd' }] }],
    ['below', { volumeMounts: [{ name: 'x', mountPath: '/var/run/linkerd/podinfo/x' }] }],
    ['a device', { volumeDevices: [{ name: 'x', devicePath: '/var/run/linkerd/podinfo' }, null] }],
  ])('gives way where the path is somebody else’s: %s', (_, proxy) => {
    expect(podinfo([], proxy)).toMatchObject({ path: '/var/run/linkerd-tracing/podinfo/labels' })
    expect(podinfo([labels('info')], proxy)).toMatchObject({ path: '/var/run/linkerd-tracing/podinfo/labels' })
  })
  test('a path that only begins alike is not taken', () => {
    const volumeMounts = [{ name: 'x', mountPath: '/var/run/linkerd/podinfo-of-mine' }]
    expect(podinfo([], { volumeMounts }).path).toBe('/var/run/linkerd/podinfo/labels')
  })
  test('is left out, with a warning, where both places are taken; tracing goes on', () => {
    const warnings = [expect.stringContaining('labels are left out')]
    const volumes = [{ name: 'linkerd-podinfo' }, { name: 'linkerd-tracing-podinfo' }]
    expect(podinfo(volumes)).toMatchObject({ path: undefined, mounts: [], warnings })
    const env = [{ name: ATTRIBUTES_PATH, value: '/old' }]
    expect(podinfo(volumes, { env: [...env, ...env] })).toMatchObject({ path: undefined, warnings })
    const volumeMounts = [{ name: 'x', mountPath: '/var/run' }]
    expect(podinfo([], { volumeMounts })).toMatchObject({ path: undefined, volumes: [], warnings })
    expect(podinfo([labels('info')], { volumeMounts })).toMatchObject({ path: undefined, volumes: ['info'], warnings })
  })
})
