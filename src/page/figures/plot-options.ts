import type uPlot from 'uplot'
import { shownFigure } from './shown-figure.ts'

export const PLOT_HEIGHT = 220
/** For texts such as `1.25 ms` beside the axis. */
const AXIS_WIDTH = 68

/** Told apart without colour, too. */
const DASHES = [[], [8, 4], [2, 4]] as const

/** Takes the labels of lines, and where they are drawn, gives how uPlot draws them: in the colours of the style sheet. */
export function plotOptions(labels: readonly string[], place: HTMLElement): uPlot.Options {
  const style = getComputedStyle(place)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const axis: uPlot.Axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  }
  return {
    width: place.clientWidth,
    height: PLOT_HEIGHT,
    scales: { y: { range: (_plot, _min, max) => [0, (max || 1) * HEADROOM] } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map(timeOfDay) },
      { ...axis, size: AXIS_WIDTH, values: (_plot, ticks) => ticks.map(shownFigure) },
    ],
    series: [
      { value: (_plot, seconds) => (seconds === null ? '–' : timeOfDay(seconds)) },
      ...labels.map((label, index) => ({
        label,
        stroke: colour(`--line-${index + 1}`),
        dash: [...(DASHES[index] ?? [])],
        width: 2,
        value: (_plot: uPlot, us: number | null) => shownFigure(us),
      })),
    ],
  }
}

/** Above the highest value. */
const HEADROOM = 1.1

/** As it is written where the reader is. */
function timeOfDay(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
