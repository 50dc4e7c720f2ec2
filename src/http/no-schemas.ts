/**
 * What Fastify is to make validators and serializers of schemas with: nothing, as no route of ours has a schema. Without it Fastify
 * loads two compilers at each start (Ajv and fast-json-stringify), a tenth of the time until the server is ready.
 */
export const NO_SCHEMAS = {
  compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler },
}

/** Fastify asks for it when the first route has a schema: a fault of ours, seen by the first test of that route. */
function noCompiler(): never {
  throw new Error('routes have no schemas here: src/http/no-schemas.ts')
}
