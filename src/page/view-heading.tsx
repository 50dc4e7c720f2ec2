import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Asked } from './use-report.ts'

export interface ViewHeadingProps {
  readonly title: string
  readonly asked: Asked<unknown>
  /** What else can be chosen for the whole view. */
  readonly children?: ComponentChildren
}

/** Whether a view was shown before: the first one leaves the focus where the browser puts it. */
let isFirst = true

/** The title of a view, when it was read, and what reads it again. Who comes from another view begins here. */
export function ViewHeading({ title, asked, children }: ViewHeadingProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [])
  const { isAsking, answeredAt, askAgain } = asked
  return (
    <div class="view-heading">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
      <button type="button" onClick={isAsking ? undefined : askAgain} aria-disabled={isAsking}>
        Refresh
      </button>
      <span class="quiet">{isAsking ? 'reading…' : answeredAt && `read at ${answeredAt.toLocaleTimeString()}`}</span>
    </div>
  )
}
