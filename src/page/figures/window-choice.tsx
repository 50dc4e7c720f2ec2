import type { JSX } from 'preact'

export interface WindowChoiceProps {
  readonly seconds: number
  readonly onChange: (seconds: number) => void
}

const WINDOWS: readonly (readonly [seconds: number, title: string])[] = [
  [900, '15 minutes'],
  [3_600, 'hour'],
  [21_600, '6 hours'],
  [86_400, '24 hours'],
]

/** Of how much time the figures are. */
export function WindowChoice({ seconds, onChange }: WindowChoiceProps): JSX.Element {
  return (
    <label>
      Last{' '}
      <select value={seconds} onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}>
        {WINDOWS.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}
