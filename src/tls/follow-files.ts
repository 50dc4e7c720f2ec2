import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** What is told of files that are followed. None of it is ever the files' content. */
export interface FollowReport {
  /** New content is in use. */
  readonly onLoaded: (at: Date) => void
  /** The new content cannot be used and the last good one stays; told once for each failure, not at each look. */
  readonly onFailed: (error: Error) => void
}

export interface FollowRequest<Content> {
  /** The folder that is watched for changes; a symbolic link to one will do. */
  readonly folder: string
  /** Reads and checks the content; throws an error whose message names the file and what is wrong. */
  readonly read: () => Promise<Content>
  /** What tells two contents apart. */
  readonly identity: (content: Content) => string
  /** How often to look without having been told of a change; 0: never. */
  readonly pollMs: number
  readonly report: FollowReport
}

export interface FollowedFiles<Content> {
  /** The content at the start. */
  readonly first: Content
  /** From now on each new content goes to `use`; what it throws counts as content that cannot be used. */
  readonly follow: (use: (content: Content) => void) => void
  readonly stop: () => void
}

/** The kubelet's swap is several events within a millisecond or two; a person who copies two files takes longer. */
const DEBOUNCE_MS = 50
/** Two files are not replaced at once: what does not fit is read again, for 0.75 s in all, before it counts as wrong. */
const RETRY_MS = [50, 100, 200, 400]

/**
 * Takes files to follow, gives their content once it can be read and used. Throws what `read` throws when it cannot
 * be. Later content that cannot be used is reported, and the last good one stays.
 */
export async function followFiles<Content>(request: FollowRequest<Content>): Promise<FollowedFiles<Content>> {
  const first = await readPatiently(request.read)
  request.report.onLoaded(new Date())
  let end = (): void => {}
  const follow = (use: (content: Content) => void): void => {
    end = startFollowing(request, { first, use })
  }
  return { first, follow, stop: () => end() }
}

interface Reader<Content> {
  readonly first: Content
  readonly use: (content: Content) => void
}

function startFollowing<Content>(request: FollowRequest<Content>, { first, use }: Reader<Content>): () => void {
  const { report, read, identity } = request
  let current = identity(first)
  let lastFailure = ''
  const fail = (error: Error): void => {
    // A poll sees the same wrong files again and again; that is one failure.
    if (error.message === lastFailure) return
    lastFailure = error.message
    report.onFailed(error)
  }
  const look = async (): Promise<void> => {
    try {
      const content = await readPatiently(read, lastFailure)
      const found = identity(content)
      if (found !== current) {
        use(content)
        current = found
        report.onLoaded(new Date())
      }
      lastFailure = ''
    } catch (error) {
      fail(error as Error)
    }
  }
  return lookOnChange(request, look)
}

/** Reads until it works or patience ends; a failure that is known already is no reason to wait. */
async function readPatiently<Content>(read: () => Promise<Content>, knownFailure = ''): Promise<Content> {
  for (const pause of RETRY_MS) {
    try {
      return await read()
    } catch (error) {
      if ((error as Error).message === knownFailure) throw error
      await wait(pause, undefined, { ref: false })
    }
  }
  return await read()
}

interface LookTiming {
  readonly folder: string
  readonly pollMs: number
}

/** Looks after each change and at each poll, one look at a time, and once more for a change during a look. */
function lookOnChange({ folder, pollMs }: LookTiming, look: () => Promise<void>): () => void {
  let isStopped = false
  let running: Promise<void> | undefined
  let isDirty = false
  let debounce: NodeJS.Timeout | undefined
  const run = (): void => {
    if (isStopped) return
    isDirty = running !== undefined
    running ??= look().finally(() => {
      running = undefined
      if (isDirty) run()
    })
  }
  const onChange = (): void => {
    debounce ??= setTimeout(() => {
      debounce = undefined
      run()
    }, DEBOUNCE_MS).unref()
  }
  const watcher = watchFolder(folder, onChange)
  const poll = pollMs === 0 ? undefined : setInterval(() => void watcher.renew().finally(run), pollMs).unref()
  // What changed between the first reading and now was seen by nobody.
  run()
  return () => {
    isStopped = true
    clearInterval(poll)
    clearTimeout(debounce)
    watcher.close()
  }
}

/** A watch that is made anew when the folder is another one: it holds on to the folder itself, not to its name. */
function watchFolder(folder: string, onChange: () => void): { renew: () => Promise<void>; close: () => void } {
  let watcher: FSWatcher | undefined
  let watched = ''
  let isClosed = false
  const forget = (): void => {
    watched = ''
  }
  const renew = async (): Promise<void> => {
    const found = await stat(folder).then(
      ({ dev, ino }) => `${dev}/${ino}`,
      () => '',
    )
    if (isClosed || (found === watched && watcher !== undefined)) return
    watcher?.close()
    watcher = found === '' ? undefined : openWatch(folder, onChange, forget)
    watched = found
  }
  void renew()
  return {
    renew,
    close: () => {
      isClosed = true
      watcher?.close()
    },
  }
}

/** Some file systems cannot be watched, and watches are limited by number: the poll sees to it then. */
function openWatch(folder: string, onChange: () => void, onLost: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onChange).on('error', onLost)
  } catch {
    return undefined
  }
}
