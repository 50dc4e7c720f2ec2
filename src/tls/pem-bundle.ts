import { X509Certificate } from 'node:crypto'

/** Takes PEM text, gives the text of each certificate in it; keys and comments are passed over. */
export function splitPemBundle(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
}

/** Takes PEM text, gives its certificates, parsed. Throws an error that says which one, counted from 1, is broken. */
export function parsePemBundle(text: string): X509Certificate[] {
  return splitPemBundle(text).map((pem, index) => {
    try {
      return new X509Certificate(pem)
    } catch (cause) {
      throw new Error(`certificate ${index + 1} is not PEM that can be read`, { cause })
    }
  })
}
