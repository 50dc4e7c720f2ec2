/** What a decision needs of an AdmissionRequest. Raw: the object is whatever the API server sent. */
export interface PodRequest {
  readonly uid: string
  readonly kind: GroupVersionKind
  /** Plural resource name, `pods`; empty when the request names none. */
  readonly resource: string
  /** Such as `binding` or `ephemeralcontainers`; empty for the object itself. */
  readonly subResource: string
  readonly operation: string
  /** The namespace of the request; a Pod made by a controller often names none itself. */
  readonly namespace: string
  readonly name: string
  readonly dryRun: boolean
  readonly object: unknown
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** What is known of a Namespace. */
export interface NamespaceMeta {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
