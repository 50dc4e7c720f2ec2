/** Where a section of docs/checks.md is found. The page comes with the program; it has no address of its own yet. */
export const HINTS = 'docs/checks.md#'
