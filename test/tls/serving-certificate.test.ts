import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseServingCertificate } from '../../src/tls/serving-certificate.ts'
import { testCa, testLeaf } from './test-certificates.ts'

const { certPem, keyPem } = await testLeaf(await testCa())
const { validFromDate, validToDate } = new X509Certificate(certPem)
const at = (date: Date, offsetMs: number) => () =>
  parseServingCertificate({ certPem, keyPem, now: new Date(date.getTime() + offsetMs) })

test('is good from its first moment until just before its last: a client may be a moment later', () => {
  expect(at(validFromDate, -1)).toThrowError(/valid only from/)
  expect(at(validFromDate, 0)()).toMatchObject({ notAfter: validToDate })
  expect(at(validToDate, -1)()).toMatchObject({ notAfter: validToDate })
  expect(at(validToDate, 0)).toThrowError(/expired at/)
})
