import { controllerOf } from '../injection/controller-of.ts'
import { type JsonObject, objectOf, textOf } from '../injection/json.ts'
import { type AdmissionFacts, type AdmitPorts, areFactsOfNow } from './admit-pod.ts'
import type { AnsweredReview } from './answered-review.ts'
import { createOwnerTurns } from './owner-turns.ts'
import { type PerPodValue, perPodValues } from './per-pod-values.ts'
import { createTemplateMemory } from './template-memory.ts'
import { templateText } from './template-text.ts'

/** An answer as it goes out, and what is told of it. */
export interface ReviewAnswer {
  readonly text: string
  readonly answered: AnsweredReview
}

/** An answer that may be given again. */
export interface KeepableAnswer extends ReviewAnswer {
  /** The parsed body. */
  readonly review: JsonObject
  /** The JSON Patch in base64, if there is one. */
  readonly patch: string | undefined
  readonly facts: AdmissionFacts
}

/** The answers to the templates that came last: a ReplicaSet's Pods differ in names that no decision depends on. */
export interface TemplateAnswers {
  /**
   * Takes a body, gives the answer to it as it would be found anew: the same as to a Pod of its template before, with its own uid.
   * Gives undefined where none is known, or where Namespace or settings have changed since. Throws what the ports throw.
   */
  readonly find: (body: Buffer, ports: AdmitPorts) => ReviewAnswer | undefined
  /** Remembers an answer to a Pod of a controller, when it is that one's turn, unless it holds what is the one Pod's. */
  readonly keep: (body: Buffer, answer: KeepableAnswer) => void
}

/** Above it a body is so rare that its copy takes the place of too many others. */
const MOST_BODY_BYTES = 512 * 1024
/** Of which it is known how many of their Pods were answered anew. */
const MOST_OWNERS = 1000
/** Of an owner's uid; an API server's have 36, but takes longer ones in a Pod. */
const MOST_UID_CHARACTERS = 64

interface Kept {
  readonly facts: AdmissionFacts
  readonly answered: AnsweredReview
  readonly before: string
  readonly after: string
}

/** Gives an empty memory of answers; it is bounded (template-memory.ts). */
export function createTemplateAnswers(): TemplateAnswers {
  const memory = createTemplateMemory<Kept>()
  const isTurnOf = createOwnerTurns(MOST_OWNERS)
  return {
    find: (body, ports) => {
      const found = memory.find(body)
      if (found === undefined) return undefined
      const { uid, value } = found
      if (!areFactsOfNow(value.facts, value.answered.namespace, ports)) return undefined
      return { text: value.before + uid + value.after, answered: { ...value.answered, uid, isRepeated: true } }
    },
    keep: (body, { review, text, answered, patch, facts }) => {
      const owner = ownerUid(review)
      if (body.length > MOST_BODY_BYTES || owner === undefined || owner.length > MOST_UID_CHARACTERS) return
      if (!isTurnOf(owner)) return
      const values = perPodValues(review)
      const [before, after, ...more] = text.split(answered.uid)
      if (values === undefined || before === undefined || after === undefined || more.length > 0) return
      const change = patch === undefined ? '' : Buffer.from(patch, 'base64').toString()
      if (holdsAny(before + after + change, values)) return
      const value = { facts, answered, before, after }
      memory.keep(templateText(Buffer.from(body), values), { value, bytes: before.length + after.length })
    },
  }
}

function ownerUid(review: JsonObject): string | undefined {
  const pod = objectOf(objectOf(review, 'request'), 'object')
  return textOf(controllerOf(objectOf(pod, 'metadata')), 'uid')
}

function holdsAny(text: string, values: readonly PerPodValue[]): boolean {
  return values.some((value) => text.includes(value.text))
}
