import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'

/** Takes a workload's selector (`matchLabels`, `matchExpressions`), gives it as the API takes it in a query. Pure. */
export function labelSelector(selector: JsonObject | undefined): string {
  const labels = Object.entries(objectOf(selector, 'matchLabels') ?? {}).map(([key, value]) => `${key}=${value}`)
  return [...labels, ...listOf(selector, 'matchExpressions').filter(isJsonObject).map(requirement)].join(',')
}

/** The API server has refused all other operators. */
function requirement(expression: JsonObject): string {
  const key = String(expression['key'])
  const values = `(${listOf(expression, 'values').join(',')})`
  const operator = textOf(expression, 'operator')
  if (operator === 'In') return `${key} in ${values}`
  if (operator === 'NotIn') return `${key} notin ${values}`
  return operator === 'DoesNotExist' ? `!${key}` : key
}
