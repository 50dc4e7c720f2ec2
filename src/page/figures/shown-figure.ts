import { shownDuration } from '../../spans/shown-duration.ts'

/** Takes microseconds as JSON has them, gives them for a person; null and undefined: there is no figure. Pure. */
export function shownFigure(us: number | null | undefined): string {
  return shownDuration(us ?? Number.NaN)
}
