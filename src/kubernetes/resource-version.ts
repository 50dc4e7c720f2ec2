import { type JsonObject, objectOf, textOf } from '../injection/json.ts'

/** The answer to a request of ours, and what was known of the object when it was sent and is known now. */
export interface Answered {
  readonly answer: JsonObject
  readonly before: JsonObject | undefined
  readonly now: JsonObject | undefined
}

/** Whether an answer tells more than the watch has shown meanwhile: that may be newer than the answer, or older. */
export function isNews({ answer, before, now }: Answered): boolean {
  return now === before || isLater(answer, now)
}

const NUMBER = /^[1-9]\d*$/

/**
 * Whether an object is of a later version than another of the same kind. Versions of the API server's own types may be
 * compared as numbers (KEP-5504, documented from Kubernetes 1.35 on, true of etcd before); what is no number is not later.
 */
export function isLater(object: JsonObject, than: JsonObject | undefined): boolean {
  const [version, other] = [versionOf(object), versionOf(than)]
  return NUMBER.test(version) && NUMBER.test(other) && BigInt(version) > BigInt(other)
}

function versionOf(object: JsonObject | undefined): string {
  return textOf(objectOf(object, 'metadata'), 'resourceVersion') ?? ''
}
