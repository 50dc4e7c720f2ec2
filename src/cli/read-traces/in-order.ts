/** What is done one after the other, while the next ones are begun already. */
export interface Lane<Job, Begun> {
  /** The next job; undefined: there is none. Asked for as late as can be. */
  readonly next: () => Job | undefined
  readonly begin: (job: Job) => Promise<Begun>
  /** Takes what was begun and is not wanted any more. */
  readonly drop: (begun: Begun) => void
  /** How many are begun beside the one that is given. */
  readonly ahead: number
}

/** Gives each job with what it began, in their order. Rejects with the first job’s error that comes up. */
export async function* inOrder<Job, Begun>({
  next,
  begin,
  drop,
  ahead,
}: Lane<Job, Begun>): AsyncGenerator<{ readonly job: Job; readonly begun: Begun }> {
  const queue: { job: Job; begun: Promise<Begun> }[] = []
  const fill = (length: number) => {
    while (queue.length < length) {
      const job = next()
      if (job === undefined) return
      const begun = begin(job)
      // Whoever comes to it hears of its error; until then nobody does, which would end the process.
      begun.catch(() => {})
      queue.push({ job, begun })
    }
  }
  try {
    for (;;) {
      fill(ahead + 1)
      const first = queue.shift()
      if (first === undefined) return
      yield { job: first.job, begun: await first.begun }
    }
  } finally {
    for (const { begun } of queue) begun.then(drop, () => {})
  }
}
