import type { JSX } from 'preact'
import { FIGURES_SECONDS } from '../reports/figures-report.ts'

export interface WindowChoiceProps {
  readonly seconds: number
  readonly onChange: (seconds: number) => void
}

const TITLES: Readonly<Record<(typeof FIGURES_SECONDS)[number], string>> = {
  900: '15 minutes',
  3600: 'hour',
  21600: '6 hours',
  86400: '24 hours',
}

/** Of how much time the figures are. */
export function WindowChoice({ seconds, onChange }: WindowChoiceProps): JSX.Element {
  return (
    <label>
      Last{' '}
      <select value={seconds} onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}>
        {FIGURES_SECONDS.map((value) => (
          <option key={value} value={value}>
            {TITLES[value]}
          </option>
        ))}
      </select>
    </label>
  )
}
