/** A Chromium that can be started. */
export interface Chromium {
  readonly executable: string
  /** What it needs beside the environment of the tests; empty where it is installed. */
  readonly env: Readonly<Record<string, string>>
}

export type Say = (text: string) => void
