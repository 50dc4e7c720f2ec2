/** Runs `work` while holding the lock file; a second run waits for the first, and takes over from a dead one. */
export function withLock<T>(file: string, say: (text: string) => void, work: () => Promise<T>): Promise<T>
