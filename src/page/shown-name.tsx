import type { JSX } from 'preact'

/** A name that somebody else has chosen: a long one is wrapped, an endless one cut, and whoever points at it sees all of it. */
export function ShownName({ name }: { readonly name: string }): JSX.Element {
  const cut = cutName(name)
  return (
    <bdi class={name.length > USUAL ? 'long-name' : undefined} title={cut === name ? undefined : name}>
      {cut}
    </bdi>
  )
}

/** Takes a name, gives what is shown of it. Pure. */
export function cutName(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name
}

/** In one line. */
const USUAL = 40
/** Kinds with their group have some 20 characters, names of workloads up to 63. */
const LONGEST = 100
