import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ask } from './ask.ts'
import type { Answer, Problem } from './reports/answer.ts'

/** A question, and what is known of its answer so far. */
export interface Asked<Report> {
  /** The last one that came, also while it is asked again, or another one is: it says itself of what it is. */
  readonly report: Report | undefined
  /** Why the last time gave none. */
  readonly problem: Problem | undefined
  readonly isAsking: boolean
  /** When the report came. */
  readonly answeredAt: Date | undefined
  readonly askAgain: () => void
}

interface Known<Report> extends Omit<Asked<Report>, 'askAgain'> {
  /** That the report answers. */
  readonly question: string
}

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
      setKnown((before) => answered(answer, question, before))
      // Why not is said by the box that then appears.
      if (times > 0) announce('report' in answer ? 'Updated' : 'Not updated')
    })
  }, [question, times, isWanted, announce])
  return { ...known, askAgain: useCallback(() => setTimes((before) => before + 1), []) }
}

function answered<Report>(answer: Answer<Report>, question: string, before: Known<Report>): Known<Report> {
  if ('report' in answer)
    return { question, report: answer.report, problem: undefined, isAsking: false, answeredAt: new Date() }
  // In the place of another answer the one of before would be taken for it.
  const kept = before.question === question ? before : UNKNOWN
  return { ...kept, problem: answer.problem, isAsking: false }
}

const UNKNOWN = { question: '', report: undefined, problem: undefined, isAsking: true, answeredAt: undefined }

/** A cluster of 100,000 Pods takes a minute or two to be read. */
const PATIENCE_MS = 600_000
