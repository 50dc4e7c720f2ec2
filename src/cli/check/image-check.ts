import { parseImageReference } from '../../injection/image-reference.ts'
import type { Component } from '../../install/object-names.ts'
import { IMAGES } from '../../install/values/images.ts'
import { type Check, omitted, success, warning } from './check.ts'
import type { CheckContext } from './check-context.ts'
import { readComponent, templateImages } from './component-state.ts'
import { demandLayout } from './installed-layout.ts'

const COMPONENTS: readonly Component[] = ['injector', 'collector', 'jaeger']

/** Images by the names of their repositories: registries and mirrors differ, and digests tell no version. */
const TAGS = new Map(
  Object.values(IMAGES)
    .map(parseImageReference)
    .map(({ name, tag }) => [name, tag]),
)

export const IMAGE_CHECK: Check<CheckContext> = {
  description: 'images are those of this version',
  hint: 'images-are-those-of-this-version',
  run: async (context) => {
    const { namespace } = await demandLayout(context)
    const found = await Promise.all(COMPONENTS.map((component) => readComponent(context, namespace, component)))
    const images = found.flatMap((state) => (state === undefined ? [] : templateImages(state.deployment)))
    if (images.length === 0) return omitted()
    const others = [...new Set(images)].flatMap(differenceOf)
    return others.length === 0 ? success() : warning(others.join('\n'))
  },
}

/** An image of another name is the user's own choice. */
function differenceOf(image: string): string[] {
  const { name, tag } = parseImageReference(image)
  const wanted = TAGS.get(name)
  if (wanted === undefined || tag === undefined || tag === wanted) return []
  return [`${image} runs, and this program goes with ${name}:${wanted}`]
}
