/** The way to Jaeger that a page keeps: made when it is first asked for, and the same from then on. */
export interface JaegerWay {
  /** Gives the URL of Jaeger's page. Rejects with a sentence when there is no way; asked again, it is tried again. */
  readonly url: () => Promise<string>
  /** Resolves when nothing of it is left. */
  readonly ended: () => Promise<void>
}

/** Leads to Jaeger until all is ended, and tells once where. Rejects with a sentence when there is no way to begin with. */
export type LeadToJaeger = (onOpen: (url: string) => Promise<void>) => Promise<void>

/** Takes what leads to Jaeger, gives a way that nobody has gone yet. */
export function createJaegerWay(lead: LeadToJaeger): JaegerWay {
  let opened: Promise<string> | undefined
  let kept: Promise<void> = Promise.resolve()
  const open = (): Promise<string> =>
    new Promise((resolve, reject) => {
      kept = lead(async (url) => resolve(url)).catch((error: unknown) => {
        opened = undefined
        reject(error)
      })
    })
  return {
    url: () => {
      opened ??= open()
      return opened
    },
    ended: () => kept,
  }
}
