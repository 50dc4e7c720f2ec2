/** Edits of one list: replacements and removals by index into the list as it was, then additions at its end. */
export interface ListChanges<T> {
  readonly replace: ReadonlyArray<{ readonly index: number; readonly value: T }>
  readonly remove: readonly number[]
  readonly append: readonly T[]
}

/** Where a container stands in the Pod. */
export interface ContainerPosition {
  readonly list: 'containers' | 'initContainers'
  readonly index: number
}

/** The volume with the Pod's labels and its mount in the proxy; either is absent when it is there already. */
export interface PodinfoChanges {
  readonly volume?: Readonly<Record<string, unknown>>
  readonly mount?: Readonly<Record<string, unknown>>
}

export interface ArgsChanges {
  readonly position: ContainerPosition
  readonly changes: ListChanges<string>
}

/** What has to change in a Pod so that its proxy, and its control-plane program, are traced. */
export interface PodChanges {
  readonly proxy: ContainerPosition
  readonly env: ListChanges<unknown>
  readonly podinfo: PodinfoChanges
  readonly args: readonly ArgsChanges[]
}
