import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ask } from './ask.ts'
import type { Answer, Problem } from './reports/answer.ts'

/** A question, and what is known of its answer so far. */
export interface Asked<Report> {
  /** The last one that came, also while it is asked again. */
  readonly report: Report | undefined
  /** Why the last time gave none. */
  readonly problem: Problem | undefined
  readonly isAsking: boolean
  readonly answeredAt: Date | undefined
  readonly askAgain: () => void
}

type Known<Report> = Omit<Asked<Report>, 'askAgain'>

export interface HowToAsk {
  /** Nothing is asked before. */
  readonly isWanted: boolean
  /** Tells a screen reader what became of a question that was asked again. */
  readonly announce: (text: string) => void
}

/** Takes a question, asks it once it is wanted, and again when it has become another one. */
export function useReport<Report>(question: string, { isWanted, announce }: HowToAsk): Asked<Report> {
  const [known, setKnown] = useState<Known<Report>>(UNKNOWN)
  const [times, setTimes] = useState(0)
  const asked = useRef('')
  useEffect(() => {
    const id = `${question} ${times}`
    if (!isWanted || asked.current === id) return
    asked.current = id
    setKnown((before) => ({ ...before, isAsking: true }))
    void ask<Report>(question, AbortSignal.timeout(PATIENCE_MS)).then((answer) => {
      // Another one has been asked since.
      if (asked.current !== id) return
      setKnown(({ report }) => answered(answer, report))
      // Why not is said by the box that then appears.
      if (times > 0) announce('report' in answer ? 'Updated' : 'Not updated')
    })
  }, [question, times, isWanted, announce])
  return { ...known, askAgain: useCallback(() => setTimes((before) => before + 1), []) }
}

function answered<Report>(answer: Answer<Report>, before: Report | undefined): Known<Report> {
  const now = { isAsking: false, answeredAt: new Date() }
  return 'report' in answer
    ? { ...now, report: answer.report, problem: undefined }
    : { ...now, report: before, problem: answer.problem }
}

const UNKNOWN = { report: undefined, problem: undefined, isAsking: true, answeredAt: undefined }

/** A cluster of 100,000 Pods takes a minute or two to be read. */
const PATIENCE_MS = 600_000
