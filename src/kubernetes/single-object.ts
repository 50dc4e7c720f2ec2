import type { JsonObject } from '../injection/json.ts'
import type { CollectionSink } from './collection-watch.ts'

/**
 * Gives a sink for a collection that a field selector narrows to one object, and tells of each change; undefined says
 * that the object is absent.
 */
export function singleObjectSink(onChange: (object: JsonObject | undefined) => void): CollectionSink {
  return {
    beginReplacement: () => {
      let found: JsonObject | undefined
      return {
        add: (object) => {
          found = object
        },
        commit: () => onChange(found),
      }
    },
    upsert: onChange,
    remove: () => onChange(undefined),
  }
}
