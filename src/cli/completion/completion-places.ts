import type { Argument, Command, Option } from 'commander'

/** A flag, as far as it can be completed. */
export interface CompletionFlag {
  /** `-f`, `--values` */
  readonly names: readonly string[]
  readonly description: string
  /** What may stand behind it: one of these words, a file, or something that no shell knows; undefined: nothing has to. */
  readonly value?: readonly string[] | 'file' | 'other'
}

/** A place on the command line: behind the program's name, or behind that of a command. */
export interface CompletionPlace {
  /** Names of commands, with a space between: ``, `install`, `certs verify`. */
  readonly path: string
  /** Commands, or the words that an argument may be. */
  readonly words: readonly { readonly name: string; readonly description: string }[]
  readonly flags: readonly CompletionFlag[]
}

/** Takes a program, gives all its places, itself first. Hidden commands and flags are left out. */
export function completionPlaces(program: Command, path = ''): CompletionPlace[] {
  const help = program.createHelp()
  const commands = help.visibleCommands(program)
  const place = {
    path,
    words: [...commands.map(wordOf), ...program.registeredArguments.flatMap(choicesOf)],
    flags: help.visibleOptions(program).map(flagOf),
  }
  const below = commands.map((command) =>
    completionPlaces(command, path === '' ? command.name() : `${path} ${command.name()}`),
  )
  return [place, ...below.flat()]
}

function wordOf(command: Command) {
  return { name: command.name(), description: firstSentence(command.description()) }
}

function choicesOf({ argChoices = [] }: Argument) {
  return argChoices.map((name) => ({ name, description: '' }))
}

function flagOf({ short, long, description, flags, required, argChoices }: Option): CompletionFlag {
  const names = [short, long].flatMap((name) => name ?? [])
  const flag = { names, description: firstSentence(description) }
  if (!required) return flag
  const [, placeholder = ''] = /<(.+)>/.exec(flags) ?? []
  return { ...flag, value: argChoices ?? valuesOf(placeholder) }
}

/** Placeholders say what is wanted: `memory|badger|none`, `file`. */
function valuesOf(placeholder: string): readonly string[] | 'file' | 'other' {
  if (/^[a-z-]+(\|[a-z-]+)+$/.test(placeholder)) return placeholder.split('|')
  return placeholder === 'file' ? 'file' : 'other'
}

/** Shells show one line. */
function firstSentence(text: string): string {
  return text.replace(/\.(\s[\s\S]*)?$/, '')
}
