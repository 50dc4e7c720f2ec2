/** What we use of JSON Schema (draft 7, which Helm's and editors' validators know too). */
export type SchemaNode = TextSchema | NumberSchema | SwitchSchema | ListSchema | FieldsSchema | MapSchema | AnySchema

interface Described {
  readonly description?: string
  /** What is wrong with a value that breaks `pattern` or `minimum`, as the end of a sentence. No part of JSON Schema. */
  readonly 'x-rule'?: string
}
interface TextSchema extends Described {
  readonly type: 'string'
  readonly enum?: readonly string[]
  readonly pattern?: string
  /** What the text must not fit. */
  readonly not?: { readonly pattern: string }
  readonly maxLength?: number
  readonly default?: string
}
interface NumberSchema extends Described {
  readonly type: 'integer' | 'number'
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: number
}
interface SwitchSchema extends Described {
  readonly type: 'boolean'
  readonly default?: boolean
}
interface ListSchema extends Described {
  readonly type: 'array'
  readonly items: SchemaNode
  readonly default?: readonly unknown[]
}
/** An object whose fields are all known. */
export interface FieldsSchema extends Described {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties: false
  /** In a list's items only: everything else has a default. */
  readonly required?: readonly string[]
}
/** An object whose keys are the user's. */
interface MapSchema extends Described {
  readonly type: 'object'
  readonly additionalProperties: SchemaNode
  readonly propertyNames?: { readonly pattern: string }
  readonly default?: Readonly<Record<string, unknown>>
}
/** An object that Kubernetes judges. */
interface AnySchema extends Described {
  readonly type: 'object'
  readonly default: Readonly<Record<string, unknown>>
}

/** The TypeScript type of the values that a schema describes, every default filled in. */
export type ValueOf<S> = S extends { readonly enum: ReadonlyArray<infer Word> }
  ? Word
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'integer' | 'number' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'array'; readonly items: infer Item }
          ? ReadonlyArray<ItemOf<Item>>
          : S extends { readonly properties: infer Fields }
            ? { readonly [Name in keyof Fields]: ValueOf<Fields[Name]> }
            : S extends { readonly additionalProperties: infer Each }
              ? Readonly<Record<string, ValueOf<Each>>>
              : Readonly<Record<string, unknown>>

/** The fields of a list's items have no defaults: each may be absent, but for the required ones. */
type ItemOf<S> = S extends { readonly type: 'array'; readonly items: infer Item }
  ? ReadonlyArray<ItemOf<Item>>
  : S extends { readonly properties: infer Fields; readonly required: ReadonlyArray<infer Required> }
    ? { readonly [Name in keyof Fields & Required]: ItemOf<Fields[Name]> } & {
        readonly [Name in Exclude<keyof Fields, Required>]?: ItemOf<Fields[Name]>
      }
    : S extends { readonly properties: infer Fields }
      ? { readonly [Name in keyof Fields]?: ItemOf<Fields[Name]> }
      : ValueOf<S>

/** Takes a schema, gives the values that hold where nobody says otherwise. */
export function defaultsOf(schema: SchemaNode): unknown {
  if (!('properties' in schema)) return 'default' in schema ? schema.default : undefined
  const fields = Object.entries(schema.properties).map(([name, field]) => [name, defaultsOf(field)])
  return Object.fromEntries(fields)
}
