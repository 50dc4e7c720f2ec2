import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { MAX_INPUT_BYTES } from '../../../src/cli/inject/read-input.ts'
import { runInProcess } from '../cli-run.ts'
import { inject } from './inject-streams.ts'

const MESHED_POD = `apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
    - name: linkerd-proxy
      image: registry.example/linkerd/proxy:edge-26.8.3
`
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'inject-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

describe('what cannot be read', () => {
  test('invalid YAML is an error with file, document and line, and nothing goes to stdout', async () => {
    const run = await inject({}, `${MESHED_POD}---\na: 1\nb: [1\nc: 2\n`)
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toMatch(/^error: stdin: document 2 \(line 9\): .+ \(at line \d+\)$/m)
  })

  test('all mistakes of all files are told at once', async () => {
    const one = file('one.yaml', 'a: 1\na: 2\n---\n"open\n')
    const two = file('two.yaml', '\tb: 1\n')
    const run = await inject({ filenames: [one, two] })
    expect(run).toMatchObject({ code: 1, stdout: '' })
    for (const where of [`${one}: document 1 (line 1)`, `${one}: document 2 (line 3)`, `${two}: document 1 (line 1)`]) {
      expect(run.stderr).toContain(`error: ${where}: `)
    }
  })

  test('what is quoted of a file steers no terminal', async () => {
    const run = await inject({}, 'a: *no\u009b2J\u202e\n')
    expect(run.stderr).toMatch(/^error: stdin: .*no\\u009b2J\\u202e/)
  })

  test('the same key twice is an error, in YAML and in JSON', async () => {
    expect((await inject({}, 'a: 1\nb: 2\na: 3\n')).stderr).toContain('(at line 3)')
    const json = await inject({}, '{"kind": "Pod",\n "x": {"a": 1, "a": 2}}\n')
    expect(json).toMatchObject({ code: 1, stdout: '' })
    expect(json.stderr).toBe('error: stdin: document 1 (line 1): the same key twice, at line 2\n')
    const second = await inject({}, '\n{"a": [{"b": 1}, {"b": 2}],\n "c": "{\\"c\\": 1}"}\n{"a": 1,\n\n "\\u0061" : 2}')
    expect(second.stderr).toBe('error: stdin: document 2 (line 4): the same key twice, at line 6\n')
  })

  test.each([
    ['an alias without anchor', 'a: *nowhere\n'],
    ['a merge of no mapping', 'a: &a 1\nb:\n  <<: *a\n'],
  ])('%s is an error', async (_what, text) => {
    const run = await inject({}, text)
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toContain('stdin: document 1 (line 1)')
  })

  test('aliases that multiply without end are refused', async () => {
    const levels = [...'abcdefghi'].map((name, level, all) => {
      const before = all[level - 1]
      return `${name}: &${name} [${Array.from({ length: 10 }, () => (before === undefined ? 'x' : `*${before}`)).join(', ')}]`
    })
    const run = await inject({}, `${levels.join('\n')}\n`)
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toContain('Excessive alias count')
  })

  test('bytes that are no UTF-8 are an error', async () => {
    expect(await inject({}, Buffer.from([0x61, 0x3a, 0x20, 0xff]))).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: stdin: not valid UTF-8\n',
    })
  })

  test('more than the limit is an error, from a stream and from files together', async () => {
    const stream = await inject({}, Buffer.alloc(MAX_INPUT_BYTES + 1, '#'))
    expect(stream).toEqual({ code: 1, stdout: '', stderr: 'error: stdin: more than 64 MiB of input; split it\n' })
    const big = file('big.yaml', Buffer.alloc(MAX_INPUT_BYTES - 1, '#'))
    const files = await inject({ filenames: [big, file('small.yaml', 'a: 1\n')] })
    expect(files.stderr).toContain('small.yaml: more than 64 MiB of input')
  })

  test('more YAML than its tree has room for is an error', async () => {
    const run = await inject({}, `${'# a line\n'.repeat(950_000)}a: 1\n`)
    expect(run.stderr).toBe('error: stdin: more than 8 MiB of YAML; split it, or give it as JSON\n')
  })

  test('a missing file, and a directory without manifests, are errors', async () => {
    const missing = await inject({ filenames: [join(directory, 'missing.yaml')] })
    expect(missing.stderr).toContain('missing.yaml: cannot be read (no such file or directory)')
    mkdirSync(join(directory, 'empty'))
    const empty = await inject({ filenames: [join(directory, 'empty')] })
    expect(empty).toMatchObject({ code: 1, stdout: '' })
    expect(empty.stderr).toContain('has no .yaml, .yml or .json file')
  })
})

describe('exit codes', () => {
  test('0 when there is nothing to do, also without any document', async () => {
    expect(await inject({}, '')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await inject({}, SERVICE)).toEqual({ code: 0, stdout: SERVICE, stderr: '' })
  })

  test('2 when a setting keeps a workload from being traced; all documents are printed', async () => {
    const invalid = MESHED_POD.replace('  name: p', '  name: p\n  annotations: {config.linkerd.io/trace-collector: x}')
    const run = await inject({}, `${invalid}---\n${SERVICE}`)
    expect(run).toMatchObject({ code: 2, stdout: `${invalid}---\n${SERVICE}` })
    expect(run.stderr).toContain('pod/p (default): skipped (invalid-setting): ')
  })

  test('2 when a template is no Pod by the types of its members, which are named', async () => {
    const wrong = MESHED_POD.replace('  name: p', '  name: p\n  labels: [a]')
    const run = await inject({}, wrong)
    expect(run).toMatchObject({ code: 2, stdout: wrong })
    expect(run.stderr).toBe(
      'pod/p (default): skipped (not-pod-create): an API server would not take it for a Pod\n' +
        '  warning: metadata.labels has another type than in a core/v1 Pod\n',
    )
  })
})

describe('namespaces and settings', () => {
  test('the object’s own namespace counts before the flag’s', async () => {
    const own = MESHED_POD.replace('  name: p', '  name: q\n  namespace: own')
    const run = await inject({ namespace: 'given' }, `${MESHED_POD}---\n${own}`)
    expect(run.stderr).toMatch(/^pod\/p \(given\): traced.*\npod\/q \(own\): traced/)
  })

  test('--namespaces-file decides who is opted in; an unknown Namespace is', async () => {
    const namespaces = file('namespaces.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: out}\n')
    const flags = { namespacesFile: namespaces }
    expect((await inject({ namespace: 'out', flags }, MESHED_POD)).stderr).toContain('skipped (not-opted-in)')
    expect((await inject({ namespace: 'unknown', flags }, MESHED_POD)).stderr).toContain('traced → ')
  })

  test('an empty namespace is none, as for the API server', async () => {
    const run = await inject({ namespace: 'given' }, MESHED_POD.replace('  name: p', '  name: p\n  namespace: ""'))
    expect(run.stderr).toMatch(/^pod\/p \(given\): traced/)
  })

  describe('Namespaces of the input itself', () => {
    const namespace = (label?: string, more = '') =>
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${label === undefined ? '' : `  labels: {tracing.linkerd.io/inject: ${label}}\n`}${more}`
    const pod = MESHED_POD.replace('  name: p', '  name: p\n  namespace: shop')
    const ANNOTATED = '  annotations: {config.linkerd.io/trace-collector: "otel.obs:4317"}\n'

    test.each([
      ['no label', undefined, 'traced → '],
      ['enabled', 'enabled', 'traced → '],
      ['disabled', 'disabled', 'skipped (not-opted-in)'],
      ['a value that is none', 'no', 'traced → '],
    ])('%s', async (_what, label, told) => {
      const input = `${namespace(label)}---\n${pod}`
      expect((await inject({}, input)).stderr).toContain(`pod/p (shop): ${told}`)
    })

    test('a value that is none is warned of', async () => {
      const run = await inject({}, `${namespace('"no"')}---\n${pod}`)
      expect(run.stderr).toContain('warning: Namespace label tracing.linkerd.io/inject "no" is as if unset')
    })

    test('count wherever they stand: behind the Pod, in another file, in a List; the last one counts', async () => {
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [parse(namespace('disabled'))] })
      for (const texts of [
        [`${pod}---\n${namespace('disabled')}`],
        [pod, namespace('disabled')],
        [pod, list],
        [namespace('enabled'), pod, namespace('disabled')],
      ]) {
        const filenames = texts.map((text, index) => file(`stream-${index}.yaml`, text))
        expect((await inject({ filenames }, '')).stderr).toContain('pod/p (shop): skipped (not-opted-in)')
      }
    })

    test('their annotations are in effect', async () => {
      expect((await inject({}, `${namespace(undefined, ANNOTATED)}---\n${pod}`)).stderr).toContain(
        'traced → otel.obs:4317',
      )
    })

    test('those of --namespaces-file count before them; a kind of one’s own is no Namespace', async () => {
      const flags = { namespacesFile: file('known.yaml', namespace('enabled')) }
      expect((await inject({ flags }, `${namespace('disabled')}---\n${pod}`)).stderr).toContain('traced → ')
      const other = namespace('disabled').replace('apiVersion: v1', 'apiVersion: example.org/v1')
      expect((await inject({}, `${other}---\n${pod}`)).stderr).toContain('traced → ')
    })
  })

  test('the flags of the injection are in effect', async () => {
    const flags = { collectorAddress: 'otel.obs:4317', serviceName: 'everything', protocol: 'opentelemetry' }
    const run = await inject({ flags }, MESHED_POD)
    expect(run.stderr).toBe('pod/p (default): traced → otel.obs:4317 as "everything"\n')
  })

  test('a namespace that cannot be one is an error', async () => {
    await expect(inject({ namespace: 'No' }, MESHED_POD)).rejects.toThrow('--namespace "No" must be')
  })

  test('a setting that cannot be used is an error before anything is read', async () => {
    await expect(inject({ flags: { collectorAddress: 'http://x' } }, MESHED_POD)).rejects.toThrow('collector-address')
  })
})

describe('text that stays as it is', () => {
  test('Windows line ends stay, in changed documents too', async () => {
    const text = `# head\n${MESHED_POD}# tail\n---\n${SERVICE}`.replaceAll('\n', '\r\n')
    const { stdout } = await inject({}, text)
    expect(stdout.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(stdout.startsWith('# head\r\napiVersion')).toBe(true)
    expect(stdout.endsWith(`# tail\r\n---\r\n${SERVICE.replaceAll('\n', '\r\n')}`)).toBe(true)
  })

  test('a byte order mark stays', async () => {
    const { stdout } = await inject({}, `\uFEFF${MESHED_POD}`)
    expect(stdout.startsWith('\uFEFFapiVersion')).toBe(true)
    const json = await inject({}, `\uFEFF${JSON.stringify(parse(MESHED_POD))}`)
    expect(json.stdout.startsWith('\uFEFF{"apiVersion"')).toBe(true)
  })

  test('a last line without its end gets one only where the document changes', async () => {
    expect((await inject({}, 'a: 1')).stdout).toBe('a: 1')
    expect((await inject({}, MESHED_POD.trimEnd())).stdout.endsWith('\n')).toBe(true)
  })

  test('blank lines of a text at the end of a document stay its own', async () => {
    const text = `${MESHED_POD}x: |+\n  text\n\n\n---\n${SERVICE}`
    const [pod] = parseAllDocuments((await inject({}, text)).stdout)
    expect(pod?.get('x')).toBe('text\n\n\n')
  })

  test('YAML in flow style stays YAML in flow style', async () => {
    const text = "{apiVersion: v1, kind: Pod, metadata: {name: 'p'}, spec: {containers: [{name: linkerd-proxy}]}}\n"
    const { stdout } = await inject({}, text)
    expect(stdout.startsWith("{apiVersion: v1, kind: Pod, metadata: {name: 'p', annotations: {")).toBe(true)
  })

  test('an empty list or mapping that something comes into is written as a block', async () => {
    const pod = MESHED_POD.replace('  name: p', '  name: p\n  annotations: {}').concat(
      '      env: []\n  volumes: null\n',
    )
    const { stdout } = await inject({}, pod)
    expect(stdout).toContain('  annotations:\n    tracing.linkerd.io/status: traced\n')
    expect(stdout).toContain('      env:\n        - name: LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR\n')
    expect(stdout).toContain('  volumes:\n    - name: linkerd-podinfo\n')
  })

  test('a comment beside a value that is replaced stays', async () => {
    const pod = `${MESHED_POD}      env:
        # theirs
        - name: LINKERD2_PROXY_TRACE_SERVICE_NAME # name
          value: old # value
        - name: LINKERD2_PROXY_TRACE_PROTOCOL
          value: opencensus
        - name: LINKERD2_PROXY_TRACE_PROTOCOL # a second one
          value: opencensus
`
    const { stdout } = await inject({ flags: { serviceName: '12:30' } }, pod)
    expect(stdout).toContain(`        # theirs
        - name: LINKERD2_PROXY_TRACE_SERVICE_NAME # name
          value: "12:30" # value
        - name: LINKERD2_PROXY_TRACE_PROTOCOL
          value: opentelemetry
`)
    expect(stdout).not.toContain('a second one')
  })

  test('an anchor on what is replaced or removed is given to those who used it', async () => {
    const pod = `${MESHED_POD}      env:
        - &first
          name: LINKERD2_PROXY_TRACE_SERVICE_NAME
          value: &old old
        - &second {name: LINKERD2_PROXY_TRACE_SERVICE_NAME, value: again}
x: [*first, *second, *old]
`
    const { stdout, code } = await inject({}, pod)
    expect(code).toBe(0)
    expect((parse(stdout) as { x: unknown }).x).toEqual([
      { name: 'LINKERD2_PROXY_TRACE_SERVICE_NAME', value: 'old' },
      { name: 'LINKERD2_PROXY_TRACE_SERVICE_NAME', value: 'again' },
      'old',
    ])
  })
})

describe('aliases and merge keys on the way to a change', () => {
  const envOf = (stdout: string, index = 0) => {
    const pods = parseAllDocuments(stdout, { merge: true }).map((document) => document.toJS() as MeshedPod)
    return pods[index]?.spec.containers[0]?.env.map(({ name, value }) => `${name}=${value}`)
  }
  interface MeshedPod {
    readonly spec: { readonly containers: readonly { readonly env: readonly { name: string; value: string }[] }[] }
  }

  test('a variable made of a merge key is replaced, the others made of it stay', async () => {
    const pod = `${MESHED_POD}      env:
        - &base {name: LINKERD2_PROXY_TRACE_PROTOCOL, value: opencensus}
        - <<: *base
          name: MINE
        - <<: [{value: x}, *base]
          name: LINKERD2_PROXY_TRACE_SERVICE_NAME
`
    const { stdout, code } = await inject({}, pod)
    expect(code).toBe(0)
    expect(envOf(stdout)?.slice(0, 3)).toEqual([
      'LINKERD2_PROXY_TRACE_PROTOCOL=opentelemetry',
      'MINE=opencensus',
      'LINKERD2_PROXY_TRACE_SERVICE_NAME=linkerd-proxy',
    ])
  })

  test('what comes through merge keys of merge keys is written out where it changes, and nowhere else', async () => {
    const pod = `x:
  - &one {containers: &list [{name: linkerd-proxy, env: &env [{name: A, value: b}]}]}
  - &two {<<: *one, hostNetwork: true}
  - *env
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  <<: *two
`
    const { stdout, code } = await inject({}, pod)
    expect(code).toBe(0)
    expect(envOf(stdout)?.[0]).toBe('A=b')
    expect(envOf(stdout)?.[1]).toMatch('LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR=')
    const [document] = parseAllDocuments(stdout, { merge: true })
    const untouched = [{ name: 'linkerd-proxy', env: [{ name: 'A', value: 'b' }] }]
    expect(document?.toJS()).toHaveProperty('x', [
      { containers: untouched },
      { containers: untouched, hostNetwork: true },
      [{ name: 'A', value: 'b' }],
    ])
  })

  test('containers, and the list of variables, may be aliases', async () => {
    const pod = `x-proxy: &proxy {name: linkerd-proxy, env: &env [{name: A, value: b}]}
x-other: {name: app, env: *env}
apiVersion: v1
kind: Pod
metadata: &meta {name: p, labels: {a: b}}
spec:
  containers:
    - *proxy
y: *meta
`
    const { stdout } = await inject({}, pod)
    expect(stdout).toContain('x-proxy: &proxy {name: linkerd-proxy, env: &env [{name: A, value: b}]}\n')
    expect(stdout).toContain('y: {name: p, labels: {a: b}}\n')
    expect(envOf(stdout)?.[0]).toBe('A=b')
  })
})

describe('several sources', () => {
  test('a directory stands for its manifests in the order of their names', async () => {
    const path = join(directory, 'manifests')
    mkdirSync(join(path, 'deeper.yaml'), { recursive: true })
    writeFileSync(join(path, 'b.yml'), SERVICE)
    writeFileSync(join(path, 'a.yaml'), 'a: 1')
    writeFileSync(join(path, 'c.json'), '{"c": 3}')
    writeFileSync(join(path, 'readme.md'), 'no: yaml')
    const { stdout } = await inject({ filenames: [path] })
    expect(stdout).toBe(`a: 1\n---\n${SERVICE}---\n{"c": 3}`)
  })

  test('a separator that is there is not doubled, and a directive is set off', async () => {
    const files = [
      file('1.yaml', 'a: 1\n'),
      file('2.yaml', '# c\n---\nb: 2\n'),
      file('3.yaml', '%YAML 1.2\n---\nc: 3\n'),
    ]
    expect((await inject({ filenames: files })).stdout).toBe('a: 1\n# c\n---\nb: 2\n...\n%YAML 1.2\n---\nc: 3\n')
  })

  test('JSON stays a row of JSON objects, and what was printed is read again', async () => {
    const files = [file('1.json', '{"a": 1}'), file('empty.json', ''), file('2.json', '{"b": 2}\n')]
    const { stdout } = await inject({ filenames: files })
    expect(stdout).toBe('{"a": 1}\n{"b": 2}\n')
    expect((await inject({}, stdout)).stdout).toBe(stdout)
  })
})

test('what could steer a terminal is shown escaped', async () => {
  const run = await inject(
    {},
    MESHED_POD.replace('name: p', 'name: "p\\e[2J\\u202e"').replace(/\n {2}name/, '\n  name'),
  )
  expect(run.stderr).toContain('pod/p\\u001b[2J\\u202e (default)')
})

test('the command takes -f several times, and sets the exit code', async () => {
  const files = [file('first.yaml', MESHED_POD), file('second.yaml', SERVICE)]
  const run = runInProcess([
    'inject',
    '-f',
    files[0] ?? '',
    '-f',
    files[1] ?? '',
    '-n',
    'shop',
    '--service-name',
    'web',
  ])
  expect(await run.returned).toBe(0)
  expect(run.stdout().endsWith(`---\n${SERVICE}`)).toBe(true)
  expect(run.stderr()).toMatch(/^pod\/p \(shop\): traced → .* as "web"\n$/)
  expect(await runInProcess(['inject']).returned).toBe(1)
  expect(await runInProcess(['inject', '-f', file('bad.yaml', 'a: [')]).returned).toBe(1)
})

test('a workload without a template, and a template that is no mapping, are nothing to decide on', async () => {
  const text =
    'apiVersion: apps/v1\nkind: Deployment\nspec: {}\n---\napiVersion: batch/v1\nkind: Job\nspec: {template: 1}\n'
  expect(await inject({}, text)).toEqual({ code: 0, stdout: text, stderr: '' })
  const nameless = MESHED_POD.replace('metadata:\n  name: p\n', '')
  expect((await inject({}, nameless)).stderr).toMatch(/^pod\/ \(default\): traced/)
  const generated = MESHED_POD.replace('  name: p', '  generateName: p-')
  expect((await inject({}, generated)).stderr).toMatch(/^pod\/p- \(default\): traced/)
})
