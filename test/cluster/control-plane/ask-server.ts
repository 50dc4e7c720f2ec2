import { request } from 'node:https'

/** GETs a path of a server on 127.0.0.1 without credentials, as a readiness probe does; gives status and body. */
export function askServer(port: number, path: string, authority: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    // No keep-alive: a connection of this process must not outlive the server that it asks about.
    const asked = request(
      { host: '127.0.0.1', port, path, ca: authority, agent: false, timeout: 2_000 },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk
        })
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body })).once('error', reject)
      },
    )
    asked.once('timeout', () => asked.destroy(new Error(`no answer from port ${port} in 2 s`)))
    asked.once('error', reject)
    asked.end()
  })
}
