import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { createEventWriter } from '../../src/kubernetes/write-event.ts'
import { ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, until } from './watching.ts'

let api: ScriptedApi
beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
})
afterEach(() => api.stop())

test('an event is about its object, and the same one is not repeated within a minute', async () => {
  const write = createEventWriter({
    client: createApiClient(api.config()),
    timing: FAST,
    signal: new AbortController().signal,
    log: recordingLog(),
    about: { kind: 'Secret', namespace: 'linkerd-tracing', name: 'certs' },
  })
  const gone = { type: 'Warning', reason: 'SecretMissing', message: 'It is gone.' } as const
  for (let turn = 0; turn < 5; turn += 1) write(gone)
  write({ ...gone, reason: 'Other' })
  // One that comes later than all of them.
  await until(() => api.requests.length >= 2)
  write({ ...gone, reason: 'Last' })
  const reasons = () => api.requests.map(({ body }) => JSON.parse(body).reason)
  await until(() => reasons().includes('Last'))
  expect(reasons()).toEqual(['SecretMissing', 'Other', 'Last'])
  const [{ method, path, body } = { method: '', path: '', body: '{}' }] = api.requests
  expect({ method, path }).toEqual({ method: 'POST', path: '/api/v1/namespaces/linkerd-tracing/events' })
  expect(JSON.parse(body)).toMatchObject({
    ...gone,
    kind: 'Event',
    metadata: { namespace: 'linkerd-tracing' },
    involvedObject: { apiVersion: 'v1', kind: 'Secret', namespace: 'linkerd-tracing', name: 'certs' },
    count: 1,
  })
})
