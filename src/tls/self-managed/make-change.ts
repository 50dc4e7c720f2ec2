import type { Change } from './plan-change.ts'
import {
  type Authority,
  type IssuedServing,
  mergeOld,
  type OldCa,
  type OwnServing,
  type StoredCertificates,
} from './stored-certificates.ts'

/** Makes certificates. */
export interface Issuer {
  readonly issueCa: () => Promise<Authority>
  readonly issueServing: (ca: Authority) => Promise<IssuedServing>
}

export interface ChangeParts {
  readonly stored: StoredCertificates
  /** What the replica serves with: it stays trusted, whatever takes its place. */
  readonly mine?: OwnServing | undefined
  readonly issuer: Issuer
}

/** Takes a change and what is stored, gives what is to be stored. Throws when the change does not fit. */
export async function makeChange(change: Change, { stored, mine, issuer }: ChangeParts): Promise<StoredCertificates> {
  const clean = { ...stored, damage: [] }
  switch (change.kind) {
    case 'restore': {
      const old = mergeOld([...change.contents.old, ...stored.old])
      return { ...change.contents, old, rotate: undefined, damage: [] }
    }
    case 'create': {
      const ca = await issuer.issueCa()
      const old = mergeOld([...stored.old, ...oldOf(mine)])
      return { ca, serving: await issuer.issueServing(ca), old, damage: [] }
    }
    case 'use-ca': {
      const ca = demand(stored.next)
      const serving = await issuer.issueServing(ca)
      return { ...clean, ca, next: undefined, serving, old: mergeOld([...stored.old, ...replaced(stored)]) }
    }
    case 'add-ca':
      return { ...clean, next: await issuer.issueCa(), rotate: undefined }
    case 'issue-serving': {
      const rotate = stored.rotate === 'serving' ? undefined : stored.rotate
      return { ...clean, serving: await issuer.issueServing(demand(stored.ca)), rotate }
    }
    case 'keep-ca':
      return { ...clean, old: mergeOld([...stored.old, change.old]) }
    case 'remove-cas':
      return { ...clean, old: stored.old.filter(({ ca }) => !change.ids.includes(ca.id)) }
    case 'clean':
      return { ...clean, rotate: stored.next === undefined ? stored.rotate : undefined }
  }
}

function replaced({ ca, serving }: StoredCertificates): OldCa[] {
  if (ca === undefined) return []
  const { keyPem: _, ...certificate } = ca
  return [{ ca: certificate, last: withoutKey(serving) }]
}

function oldOf(mine: OwnServing | undefined): OldCa[] {
  return mine === undefined ? [] : [{ ca: mine.ca, last: withoutKey(mine.serving) }]
}

function withoutKey(serving: IssuedServing | undefined): OldCa['last'] {
  if (serving === undefined) return undefined
  const { keyPem: _, ...certificate } = serving
  return certificate
}

function demand<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the change does not fit what is stored')
  return value
}
