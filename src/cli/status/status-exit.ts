/** Exit codes of `status`, as its help and docs/status.md list them. */
export const STATUS_EXIT = { covered: 0, error: 1, uncovered: 2 } as const
