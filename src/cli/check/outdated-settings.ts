import type { InjectionDecision } from '../../injection/decision.ts'
import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import type { ArgsChanges, ListChanges, PodChanges } from '../../injection/pod-changes.ts'
import { quote } from '../../injection/quote.ts'

/**
 * Takes a live Pod that is traced, and what the webhook would decide on it now, gives a sentence when a new one in its place
 * would get other trace settings, its proxy or a program of the control plane. Pure.
 */
export function outdatedSentence(pod: JsonObject, decision: InjectionDecision): string | undefined {
  if (decision.outcome !== 'traced') return undefined
  const { target, changes } = decision
  const news = [
    ...(changesProxy(changes) ? [`would send to ${quote(target.collector)} as ${quote(target.serviceName)}`] : []),
    ...changes.args.map((args) => argumentSentence(pod, args)),
  ]
  return `its settings are of another time; a new Pod ${news.join(', and ')}`
}

function changesProxy({ env, podinfo }: PodChanges): boolean {
  return !isEmpty(env) || podinfo.volume !== undefined || podinfo.mount !== undefined
}

function isEmpty({ replace, remove, append }: ListChanges<unknown>): boolean {
  return replace.length + remove.length + append.length === 0
}

function argumentSentence(pod: JsonObject, { position, changes }: ArgsChanges): string {
  const container = listOf(objectOf(pod, 'spec'), position.list)[position.index]
  const name = isJsonObject(container) ? (textOf(container, 'name') ?? '') : ''
  const words = [...changes.replace.map(({ value }) => value), ...changes.append]
  // Whole, for they are our own words: a flag and the install's address.
  return `would have ${words.join(' ')} in its container ${quote(name)}`
}
