/** The formats of `-o`. */
export const STATUS_OUTPUTS = ['table', 'json', 'yaml'] as const
export type StatusOutput = (typeof STATUS_OUTPUTS)[number]
