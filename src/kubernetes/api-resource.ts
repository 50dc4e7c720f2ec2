/** One object or one collection of the API, and what is done with it. */
export interface ApiResource {
  readonly verb: 'get' | 'list' | 'watch' | 'patch' | 'create' | 'delete'
  /** `/api/v1`, `/apis/<group>/<version>`. */
  readonly root: string
  /** `namespaces`, as rights are named. */
  readonly plural: string
  readonly namespace?: string
  /** Of one object; a list or watch is narrowed to it by a field selector, so that rights by name suffice. */
  readonly name?: string
}

/** Takes a resource, gives its path. Names are escaped; `.` and `..` are no names of the API, callers check them. */
export function pathOf({ verb, root, plural, namespace, name }: ApiResource): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  const object = name === undefined || isPathOfCollection(verb) ? '' : `/${encodeURIComponent(name)}`
  return `${root}${scope}/${plural}${object}`
}

/** Takes a resource, gives the query that narrows a list or watch to one name. */
export function selectorOf({ verb, name }: ApiResource): Record<string, string> {
  return name !== undefined && isOfCollection(verb) ? { fieldSelector: `metadata.name=${name}` } : {}
}

/** Takes a resource, gives the words for it: `list configmaps "linkerd-config" in namespace "linkerd"`. */
export function describeResource({ verb, plural, namespace, name }: ApiResource): string {
  const object = name === undefined ? '' : ` ${JSON.stringify(name)}`
  return `${verb} ${plural}${object}${namespace === undefined ? '' : ` in namespace ${JSON.stringify(namespace)}`}`
}

function isPathOfCollection(verb: ApiResource['verb']): boolean {
  return isOfCollection(verb) || verb === 'create'
}

function isOfCollection(verb: ApiResource['verb']): boolean {
  return verb === 'list' || verb === 'watch'
}
