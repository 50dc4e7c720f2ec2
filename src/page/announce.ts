import { createContext } from 'preact'

/** Tells a screen reader what changed on the page; nothing is seen of it. */
export const Announce = createContext<(text: string) => void>(() => {})
