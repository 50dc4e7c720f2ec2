// An empty webhook on Fastify as it comes: its own JSON parser, its own serializer. Arguments: port, certificate, key.
import { readFileSync } from 'node:fs'
import { fastify } from 'fastify'

interface Review {
  readonly apiVersion: string
  readonly kind: string
  readonly request: { readonly uid: string }
}

const [port, cert = '', key = ''] = process.argv.slice(2)
const app = fastify({
  https: { cert: readFileSync(cert), key: readFileSync(key) },
  bodyLimit: 7 * 1024 * 1024,
  keepAliveTimeout: 120_000,
})
app.post<{ Body: Review }>('/mutate', async ({ body: { apiVersion, kind, request } }) => ({
  apiVersion,
  kind,
  response: { uid: request.uid, allowed: true },
}))
await app.listen({ port: Number(port), host: '127.0.0.1' })
