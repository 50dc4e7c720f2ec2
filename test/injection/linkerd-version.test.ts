import { describe, expect, test } from 'vitest'
import { isUpTo29, parseLinkerdVersion, protocolsOf } from '../../src/injection/linkerd-version.ts'

const OPENCENSUS = ['opencensus']
const BOTH = ['opentelemetry', 'opencensus']
const OPENTELEMETRY = ['opentelemetry']

describe('protocols of a proxy', () => {
  test.each([
    ['stable-2.7.1', OPENCENSUS],
    ['stable-2.14.10', OPENCENSUS],
    ['version-2.16', OPENCENSUS],
    ['enterprise-2.16.4', OPENCENSUS],
    ['edge-18.12.4', OPENCENSUS],
    ['edge-24.9.3', OPENCENSUS],
    ['v2.255.0', OPENCENSUS],
    ['edge-24.10.1', BOTH],
    ['edge-24.11.8', BOTH],
    ['edge-25.4.4', BOTH],
    ['edge-25.10.1', BOTH],
    ['version-2.17', BOTH],
    ['enterprise-2.18.0', BOTH],
    ['v2.256.0', BOTH],
    ['v2.322.0', BOTH],
    ['edge-25.10.2', OPENTELEMETRY],
    ['edge-25.11.1', OPENTELEMETRY],
    ['edge-26.1.1', OPENTELEMETRY],
    ['version-2.19', OPENTELEMETRY],
    ['v2.323.0', OPENTELEMETRY],
  ])('%s', (version, protocols) => {
    expect(protocolsOf(parseLinkerdVersion(version))).toEqual(protocols)
  })
  test.each([
    '',
    'latest',
    'edge-25.4',
    'my-edge-25.4.4',
    'edge-25.4.4-mine',
    'stable-2.14',
    'version-2.17.1',
    'v3.1.0',
    '2.14.10',
  ])('%j is no known form, so that nothing is ruled out', (version) => {
    expect(parseLinkerdVersion(version)).toBeUndefined()
    expect(protocolsOf(undefined)).toEqual(BOTH)
  })
})

test.each([
  ['stable-2.9.5', true],
  ['stable-2.10.0', false],
  ['edge-19.1.1', false],
  ['v2.9.0', false],
  ['latest', false],
])('%s is up to 2.9: %s', (version, expected) => {
  expect(isUpTo29(parseLinkerdVersion(version))).toBe(expected)
})
