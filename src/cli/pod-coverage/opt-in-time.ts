import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'

/**
 * When a Namespace was opted in, as far as it can be known: not before `from`, not after `until`, both in milliseconds since
 * 1970. The two are equal where it is known exactly.
 */
export interface OptInTime {
  readonly from?: number
  readonly until?: number
}

export interface OptInSigns {
  readonly namespace: JsonObject
  /** When the webhook configuration was made: no Pod was traced before. */
  readonly installedAt: number | undefined
  /** Whether it would be in without the label, as the control plane's is. */
  readonly isInByDefault: boolean
}

/**
 * Takes a Namespace that is opted in, gives when that was. A label has no time of its own; the API server notes in
 * `managedFields` when a writer last changed any of its fields. That is the time of the label where the writer has no other
 * field; else it is the latest that it can be, which is the same where the Namespace came with it. Pure.
 */
export function optInTime({ namespace, installedAt, isInByDefault }: OptInSigns): OptInTime {
  const created = timeOf(objectOf(namespace, 'metadata'), 'creationTimestamp')
  const labelled = labelTime(namespace, created)
  // Where the label is not needed, it may have been in before.
  const told = isInByDefault ? { ...labelled, from: created } : labelled
  return {
    ...later('from', told.from, installedAt),
    // Without the label nothing tells when the installation began to mean this Namespace.
    ...(told.until === undefined ? {} : later('until', told.until, installedAt)),
  }
}

/** Takes an object and a member, gives the time that it names, in milliseconds since 1970; undefined when it names none. Pure. */
export function timeOf(object: JsonObject | undefined, key: string): number | undefined {
  const time = Date.parse(textOf(object, key) ?? '')
  return Number.isNaN(time) ? undefined : time
}

interface LabelTime {
  readonly from: number | undefined
  readonly until: number | undefined
}

function labelTime(namespace: JsonObject, created: number | undefined): LabelTime {
  const writers = listOf(objectOf(namespace, 'metadata'), 'managedFields')
    .filter(isJsonObject)
    .flatMap((entry) => {
      const labels = objectOf(objectOf(objectOf(entry, 'fieldsV1'), 'f:metadata'), 'f:labels')
      const time = timeOf(entry, 'time')
      if (time === undefined || objectOf(labels, FIELD) === undefined) return []
      return [{ time, isExact: hasNoOtherField(entry) }]
    })
  // Several writers of the same value own it together: it was there when the first of them wrote it.
  const [first] = writers.toSorted((one, other) => one.time - other.time)
  if (first === undefined) return { from: created, until: undefined }
  return { from: first.isExact ? first.time : created, until: first.time }
}

const FIELD = `f:${INJECT}`

/** A member `.` says that the writer made the map itself. */
function hasNoOtherField(entry: JsonObject): boolean {
  const fields = objectOf(entry, 'fieldsV1')
  const labels = objectOf(objectOf(fields, 'f:metadata'), 'f:labels')
  return (
    namesOf(fields).every((name) => name === 'f:metadata') &&
    namesOf(objectOf(fields, 'f:metadata')).every((name) => name === 'f:labels') &&
    namesOf(labels).every((name) => name === FIELD)
  )
}

function namesOf(fields: JsonObject | undefined): string[] {
  return Object.keys(fields ?? {}).filter((name) => name !== '.')
}

function later<Key extends keyof OptInTime>(key: Key, ...times: readonly (number | undefined)[]): OptInTime {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? {} : { [key]: Math.max(...known) }
}
