import jsonPatch, { type Operation } from 'fast-json-patch'
import type { PatchOperation } from '../../injection/pod-patch.ts'

// Part of Node since 21; TypeScript's library does not know it yet.
interface SourceTextJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(text: string): unknown
}

/**
 * Takes a JSON text and a patch for it, gives the new text, indented as the old one. Numbers keep the text that they
 * were written with: `1.0`, `1e3` and integers beyond 2^53 come out as they went in.
 */
export function patchJson(text: string, operations: readonly PatchOperation[]): string {
  const json = JSON as unknown as SourceTextJson
  const value = json.parse(text, (_key, member, { source }) =>
    typeof member === 'number' && source !== undefined && source !== String(member) ? json.rawJSON(source) : member,
  )
  jsonPatch.applyPatch(value, operations as Operation[], true)
  const indent = /^\{\s*\n([ \t]+)/.exec(text)?.[1]
  const endOfLine = text.includes('\r\n') ? '\r\n' : '\n'
  const written = JSON.stringify(value, null, indent).replaceAll('\n', endOfLine)
  return written + (/\s*$/.exec(text)?.[0] ?? '')
}
