import type { ConfigMistake } from '../config-mistake.ts'
import { type Backend, headerVariable } from './backend.ts'
import type { CollectorSettings, TailSampling } from './collector-settings.ts'
import { grpcEndpointFault, httpEndpointFault } from './endpoint.ts'
import type { RedactionSettings } from './redaction-settings.ts'

/** Takes settings, gives those that cannot make a working collector; paths begin with `collector`. */
export function collectorSettingsMistakes(settings: CollectorSettings): ConfigMistake[] {
  const { memoryMib, backends, redaction, tailSampling } = settings
  return [
    ...check(memoryMib >= MIN_MEMORY_MIB && Number.isInteger(memoryMib), {
      path: 'collector.memoryMib',
      value: memoryMib,
      rule: `must be a whole number of MiB, at least ${MIN_MEMORY_MIB}`,
    }),
    ...check(backends.length > 0, { path: 'collector.backends', value: [], rule: 'must name at least one' }),
    ...backends.flatMap((backend, index) => backendMistakes(backend, `collector.backends[${index}]`)),
    ...sameNames(backends),
    ...redactionMistakes(redaction),
    ...(tailSampling === undefined ? [] : tailSamplingMistakes(tailSampling)),
  ]
}

/** The program alone takes some 60 MiB; below twice that the limiter would refuse everything. */
const MIN_MEMORY_MIB = 128

function check(isGood: boolean, mistake: ConfigMistake): ConfigMistake[] {
  return isGood ? [] : [mistake]
}

function backendMistakes(backend: Backend, path: string): ConfigMistake[] {
  const { name, endpoint, protocol, headers = [] } = backend
  const isUrl = protocol === 'http' && httpEndpointFault(endpoint) === undefined
  return [
    ...check(/^[a-z0-9][a-z0-9-]*$/.test(name), {
      path: `${path}.name`,
      value: name,
      rule: 'must have lower-case letters, digits and - only',
    }),
    ...endpointMistakes(backend, path),
    ...headers.flatMap((header, index) =>
      check(/^[a-z0-9][a-z0-9-]*$/.test(header.name) && !header.name.startsWith('grpc-'), {
        path: `${path}.headers[${index}].name`,
        value: header.name,
        rule: 'must have lower-case letters, digits and - only, and not begin with grpc-',
      }),
    ),
    ...check(!isUrl || endpoint.startsWith('https:') === (backend.tls !== false), {
      path: `${path}.endpoint`,
      value: endpoint,
      rule:
        backend.tls === false
          ? 'must begin with http:// where tls is false'
          : 'must begin with https:// where tls is set',
    }),
  ]
}

function endpointMistakes({ endpoint, protocol }: Backend, path: string): ConfigMistake[] {
  const rule = protocol === 'http' ? httpEndpointFault(endpoint) : grpcEndpointFault(endpoint)
  return rule === undefined ? [] : [{ path: `${path}.endpoint`, value: endpoint, rule }]
}

/** Two backends, or two headers, that would share an exporter or an environment variable. */
function sameNames(backends: readonly Backend[]): ConfigMistake[] {
  const names = backends.map(({ name }) => name)
  const variables = backends.flatMap((backend) =>
    (backend.headers ?? []).map((header) => headerVariable(backend, header)),
  )
  return [
    ...twice(names).map((value) => ({ path: 'collector.backends', value, rule: 'is the name of two backends' })),
    ...twice(variables).map((value) => ({ path: 'collector.backends', value, rule: 'would carry two headers' })),
  ]
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

function redactionMistakes({ secretNames, secretValues }: RedactionSettings): ConfigMistake[] {
  return [
    ...secretNames.flatMap((value, index) =>
      check(/[\p{L}\p{N}]/u.test(value), {
        path: `collector.redaction.secretNames[${index}]`,
        value,
        rule: 'must have a letter or digit: it would fit every name',
      }),
    ),
    ...secretValues.flatMap((value, index) => {
      const rule = expressionFault(value)
      return rule === undefined ? [] : [{ path: `collector.redaction.secretValues[${index}]`, value, rule }]
    }),
  ]
}

/**
 * The collector reads RE2, which knows neither look-around nor back references. Flags at the beginning, `(?i)`, it
 * knows and JavaScript does not; so they are taken off before the rest is tried.
 */
function expressionFault(text: string): string | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(text)) return 'must not have look-around or back references: the collector reads RE2'
  try {
    const expression = new RegExp(text.replaceAll(/\(\?[imsU]+\)/g, ''))
    return expression.test('') ? 'must not fit the empty text: it would fit every value' : undefined
  } catch (error) {
    return `must be a regular expression (RE2): ${error instanceof Error ? error.message : String(error)}`
  }
}

function tailSamplingMistakes({ percent, slowerThanMs = 1, waitSeconds }: TailSampling): ConfigMistake[] {
  const path = 'collector.tailSampling'
  return [
    ...check(percent >= 0 && percent <= 100, {
      path: `${path}.percent`,
      value: percent,
      rule: 'must be from 0 to 100',
    }),
    ...check(slowerThanMs > 0 && Number.isInteger(slowerThanMs), {
      path: `${path}.slowerThanMs`,
      value: slowerThanMs,
      rule: 'must be a whole number of milliseconds above 0',
    }),
    ...check(waitSeconds > 0 && Number.isInteger(waitSeconds), {
      path: `${path}.waitSeconds`,
      value: waitSeconds,
      rule: 'must be a whole number of seconds above 0',
    }),
  ]
}
