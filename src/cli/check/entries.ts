import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'

/** Takes a webhook configuration (undefined: absent), gives its entries, in their order. */
export function entriesOf(configuration: JsonObject | undefined): JsonObject[] {
  return listOf(configuration, 'webhooks').filter(isJsonObject)
}

/** Takes a webhook configuration, gives its entry of that name; undefined when there is none. */
export function entryNamed(configuration: JsonObject | undefined, name: string): JsonObject | undefined {
  return entriesOf(configuration).find((entry) => textOf(entry, 'name') === name)
}

/** Takes an object of the API, gives its name; empty when it has none. */
export function nameOf(object: JsonObject | undefined): string {
  return textOf(objectOf(object, 'metadata'), 'name') ?? ''
}

/** Takes an entry, gives its caBundle as PEM text; empty when there is none. */
export function bundleOf(entry: JsonObject | undefined): string {
  return Buffer.from(textOf(objectOf(entry, 'clientConfig'), 'caBundle') ?? '', 'base64').toString('utf8')
}
