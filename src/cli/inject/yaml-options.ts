import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml'

/**
 * How manifests are read. Merge keys (`<<`) are YAML 1.1, and kubectl knows them. A number keeps the text that it was
 * written with: `1e3`, `0o17` and `1.10` would come out as `1e+3`, `0o17` and `1.10` or `1.1` by chance otherwise.
 */
export const YAML_OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  merge: true,
  uniqueKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
  customTags: (tags: Tags): Tags => tags.map((tag) => (isNumberTag(tag) ? withSource(tag) : tag)),
}

/**
 * How often one alias may be expanded, nested ones multiplied. Honest manifests share an anchor some hundred times; ten
 * anchors that each hold ten aliases of the one before ("billion laughs") are 10^10.
 */
export const MAX_ALIAS_COUNT = 10_000

function isNumberTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === 'object' && !tag.collection && /:(int|float)$/.test(tag.tag)
}

function withSource(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    stringify: (item, ...rest) => item.source ?? tag.stringify?.(item, ...rest) ?? String(item.value),
  }
}
