/** A folder with a go.mod and go.sum that names the programs of other projects, or has a small one of our own. */
export interface GoModule {
  /** In a sentence: "The test cluster's etcd and kube-apiserver". */
  readonly what: string
  /** Absolute. */
  readonly folder: string
  /** The package that each program is built from, in the order in which they are built. */
  readonly packages: Readonly<Record<string, string>>
  /** For the linker, beside `-s -w`: versions to be set. */
  readonly linkerFlags?: string
  /** What else one can do where there is no Go: the end of a sentence, after "install it (…)". */
  readonly withoutGo?: string
}
