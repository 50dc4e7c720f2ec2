import { Option } from 'commander'
import { schemaAt, splitPath } from '../../install/values/value-at.ts'
import { VALUES_SCHEMA } from '../../install/values/values-schema.ts'
import { booleanOption } from '../linkerd-flags.ts'
import { INSTALL_FLAGS, type InstallFlag } from './install-flags.ts'

const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** Gives the options that say what is installed; `uninstall` has them too, and so removes the same. */
export function valueOptions(): Option[] {
  return [
    new Option(
      '-f, --values <file>',
      'YAML file of values (- is standard input), below all flags. May be given again; the last one wins.',
    ).argParser(repeated),
    new Option(
      '--set <path=value>',
      'Any value by its path, such as collector.replicas=2; a dot within a key has a backslash before it. May be given again.',
    ).argParser(repeated),
    ...INSTALL_FLAGS.map(optionOf),
  ]
}

function optionOf({ flag, short, path, kind, placeholder, sentence: own }: InstallFlag): Option {
  const sentence = own ?? schemaAt(VALUES_SCHEMA, splitPath(path))?.description ?? ''
  if (kind === 'switch') return booleanOption(`--${flag}`, sentence)
  if (kind === 'off') return new Option(`--no-${flag}`, sentence)
  const name = `${short === undefined ? '' : `-${short}, `}--${flag} <${placeholder}>`
  if (kind === 'value') return new Option(name, sentence)
  return new Option(name, `${sentence} May be given again.`).argParser(repeated)
}
