/** How `review` may print what it found. */
export const REVIEW_OUTPUTS = ['text', 'json', 'yaml'] as const

export type ReviewOutput = (typeof REVIEW_OUTPUTS)[number]
