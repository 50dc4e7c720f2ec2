import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'

/**
 * Takes a selector as objects have it (`matchLabels`, `matchExpressions`) and labels, gives whether it means them. An empty
 * one means all, an absent one none. Pure.
 */
export function selectorMatches(selector: JsonObject | undefined, labels: JsonObject | undefined): boolean {
  if (selector === undefined) return false
  const wanted = Object.entries(objectOf(selector, 'matchLabels') ?? {})
  const expressions = listOf(selector, 'matchExpressions').filter(isJsonObject)
  return (
    wanted.every(([key, value]) => textOf(labels, key) === value) &&
    expressions.every((expression) => meets(expression, textOf(labels, textOf(expression, 'key') ?? '')))
  )
}

/** What the API server would refuse meets nobody's labels here either. */
function meets(expression: JsonObject, value: string | undefined): boolean {
  const isListed = value !== undefined && listOf(expression, 'values').includes(value)
  const operator = textOf(expression, 'operator')
  if (operator === 'In') return isListed
  if (operator === 'NotIn') return !isListed
  if (operator === 'Exists') return value !== undefined
  return operator === 'DoesNotExist' && value === undefined
}
