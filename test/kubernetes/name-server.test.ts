import { expect, test } from 'vitest'
import type { ApiClient } from '../../src/kubernetes/api-client.ts'
import { ApiError, BrokenAnswerError } from '../../src/kubernetes/api-error.ts'
import { nameServer } from '../../src/kubernetes/name-server.ts'

const SERVER = 'https://api.example:6443'
const request = {} as Parameters<ApiClient['fetchJson']>[0]

function failing(error: Error): ApiClient {
  const fail = () => Promise.reject(error)
  return nameServer({ fetchJson: fail, openStream: fail, close: () => {} }, SERVER)
}

test('a server that cannot be reached is named', async () => {
  const client = failing(new Error('getaddrinfo ENOTFOUND api.example'))
  const message = `no answer from the API server ${SERVER}: getaddrinfo ENOTFOUND api.example`
  await expect(client.fetchJson(request)).rejects.toThrowError(message)
  await expect(client.openStream(request)).rejects.toThrowError(message)
})

test.each([new ApiError('cannot get pods: HTTP 403', { status: 403 }), new BrokenAnswerError('no JSON')])(
  'what the server itself has said stays as it is: %s',
  async (error) => {
    await expect(failing(error).fetchJson(request)).rejects.toBe(error)
  },
)
