/** Takes the header Host and the port that was reached, gives whether this machine was meant by one of its own names. Pure. */
export function isOwnHost(host: string | undefined, port: number | undefined): boolean {
  // Browsers leave the usual port out.
  return OWN_NAMES.some((name) => host === `${name}:${port}` || (port === HTTP_PORT && host === name))
}

const HTTP_PORT = 80
const OWN_NAMES = ['127.0.0.1', 'localhost'] as const
