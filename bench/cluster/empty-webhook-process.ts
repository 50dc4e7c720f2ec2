// The least that a webhook on Node can do: reads the review, allows the Pod. Arguments: port, certificate, key and, if it is to
// change the Pod, a patch in base64.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'

const [port, cert = '', key = '', patch] = process.argv.slice(2)
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { apiVersion, kind, request: review } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  const change = patch === undefined ? {} : { patchType: 'JSONPatch', patch }
  const body = { apiVersion, kind, response: { uid: review.uid, allowed: true, ...change } }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
})
server.keepAliveTimeout = 120_000
server.listen(Number(port), '127.0.0.1')
