import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'

/** Takes a workload's selector (`matchLabels`, `matchExpressions`), gives it as the API takes it in a query. Pure. */
export function labelSelector(selector: JsonObject | undefined): string {
  const labels = Object.entries(objectOf(selector, 'matchLabels') ?? {}).map(([key, value]) => `${key}=${value}`)
  return [...labels, ...listOf(selector, 'matchExpressions').filter(isJsonObject).map(requirement)].join(',')
}

function requirement(expression: JsonObject): string {
  const key = textOf(expression, 'key') ?? ''
  const values = `(${listOf(expression, 'values').join(',')})`
  const operators: Readonly<Record<string, string>> = {
    In: `${key} in ${values}`,
    NotIn: `${key} notin ${values}`,
    Exists: key,
    DoesNotExist: `!${key}`,
  }
  return operators[textOf(expression, 'operator') ?? ''] ?? key
}
