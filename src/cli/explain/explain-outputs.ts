/** The formats of `-o`. */
export const EXPLAIN_OUTPUTS = ['table', 'json', 'yaml'] as const
export type ExplainOutput = (typeof EXPLAIN_OUTPUTS)[number]
