import { isJsonObject, type JsonObject, listOf } from './json.ts'

/** Takes the metadata of an object, gives the owner that manages it (`ownerReferences` with `controller: true`). */
export function controllerOf(metadata: JsonObject | undefined): JsonObject | undefined {
  return listOf(metadata, 'ownerReferences')
    .filter(isJsonObject)
    .find(({ controller }) => controller === true)
}
