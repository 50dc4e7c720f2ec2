import { useEffect, useState } from 'preact/hooks'

/** The views, in the order in which they are linked to, with their titles. */
export const VIEWS = { coverage: 'Coverage', services: 'Services', 'control-plane': 'Control plane' } as const
export type ViewName = keyof typeof VIEWS

/** Gives the view that the address names. */
export function useView(): ViewName {
  const [view, setView] = useState(viewOf(location.hash))
  useEffect(() => {
    const change = (): void => setView(viewOf(location.hash))
    addEventListener('hashchange', change)
    return () => removeEventListener('hashchange', change)
  }, [])
  useEffect(() => {
    document.title = `${VIEWS[view]} · linkerd-tracing`
  }, [view])
  return view
}

function viewOf(hash: string): ViewName {
  const name = hash.slice(1)
  return Object.hasOwn(VIEWS, name) ? (name as ViewName) : 'coverage'
}
