import { expect, test } from 'vitest'
import { SETTINGS } from '../../src/config/settings-table.ts'
import { injectorArguments } from '../../src/install/objects/injector-arguments.ts'
import { INJECTOR_FIELDS } from '../../src/install/values/injector-fields.ts'
import { defaultValues } from '../../src/install/values/read-values.ts'

const flags = SETTINGS.filter(({ commands }) => (commands as readonly string[]).includes('serve')).map(
  ({ flag }) => flag,
)

test('every argument is a flag of serve, and stands once', () => {
  const values = defaultValues()
  const said = injectorArguments({ ...values, injector: { ...values.injector, clientCaConfigMap: 'callers' } })
  const names = said.slice(1).map((word) => word.slice(2).split('=', 1).join(''))
  expect(names.filter((name) => !(flags as string[]).includes(name))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})

test('what may be added are flags of serve that are not said already, and these come last', () => {
  const [, allowed = ''] = /\(([^)]*)\)/.exec(INJECTOR_FIELDS.moreArguments.items.pattern) ?? []
  const names = allowed.split('|')
  expect(names).toContain('serving-lifetime')
  expect(names.filter((name) => !(flags as string[]).includes(name))).toEqual([])
  const values = defaultValues()
  const said = injectorArguments({ ...values, injector: { ...values.injector, moreArguments: ['--ca-lifetime=30d'] } })
  expect(said.at(-1)).toBe('--ca-lifetime=30d')
  expect(names.filter((name) => said.slice(0, -1).some((word) => word.startsWith(`--${name}=`)))).toEqual([])
})
