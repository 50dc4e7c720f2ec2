import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { PlotLines } from './plot-lines.ts'
import { PLOT_HEIGHT, plotOptions } from './plot-options.ts'
import { PlotTable } from './plot-table.tsx'

/** Figures over time: a plot for who sees it, the same as a table for who does not. */
export function TimePlot({ title, startMs, lines }: PlotLines): JSX.Element {
  const canvas = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const place = canvas.current
    if (place === null) return
    // uPlot counts time in seconds.
    const data: uPlot.AlignedData = [startMs.map((ms) => ms / 1_000), ...lines.map(({ valuesUs }) => [...valuesUs])]
    let plot: uPlot | undefined
    const draw = (): void => {
      plot?.destroy()
      plot = new uPlot(
        plotOptions(
          lines.map(({ label }) => label),
          place,
        ),
        data,
        place,
      )
    }
    draw()
    const resized = new ResizeObserver(() => plot?.setSize({ width: place.clientWidth, height: PLOT_HEIGHT }))
    resized.observe(place)
    // A canvas keeps the colours that it was drawn with.
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      scheme.removeEventListener('change', draw)
      resized.disconnect()
      plot?.destroy()
    }
  }, [startMs, lines])
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div class="plot" ref={canvas} aria-hidden="true" />
      <PlotTable title={title} startMs={startMs} lines={lines} />
    </figure>
  )
}
