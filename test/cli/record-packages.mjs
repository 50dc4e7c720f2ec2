// Loaded before the program (`--import FILE?to=PATH`): appends the name of the package of each module that is loaded.
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const to = new URL(import.meta.url).searchParams.get('to')
const load = (url, context, next) => {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? []
  if (name !== undefined) appendFileSync(to, `${name}\n`)
  return next(url, context)
}
registerHooks({ load })
