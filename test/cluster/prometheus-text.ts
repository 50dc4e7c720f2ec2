/** The sum of the series of one metric that have all these labels, in Prometheus's text format; 0 when there is none. */
export function sumSeries(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const series = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  const fitting = series.filter((line) => wanted.every((label) => line.includes(label)))
  return fitting.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
