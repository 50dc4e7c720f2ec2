import type { CompletionPlace } from './completion-places.ts'

/** How a shell is told what may stand behind a flag. */
export interface ValueCommands {
  readonly words: (words: readonly string[]) => string
  readonly file: () => string
  readonly other: () => string
}

/** Takes the places, gives the patterns of "place, then command" that lead to another place, for a `case`. */
export function placeCases(places: readonly CompletionPlace[]): string {
  const paths = places.map(({ path }) => path).filter((path) => path !== '')
  return paths.map((path) => `'${path.includes(' ') ? path : ` ${path}`}'`).join('|')
}

/** Takes the places, gives a line of a `case` for each flag that wants a value: it is completed by that command alone. */
export function valueCases(places: readonly CompletionPlace[], commands: ValueCommands): string[] {
  return places.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, value }) => {
      if (value === undefined) return []
      const command = typeof value === 'string' ? commands[value]() : commands.words(value)
      return [`${names.map((name) => `'${path} ${name}'`).join('|')}) ${command}; return ;;`]
    }),
  )
}

/** Takes a place, gives every word that may stand there: commands, then flags. */
export function wordsOf({ words, flags }: CompletionPlace): string[] {
  return [...words.map(({ name }) => name), ...flags.flatMap(({ names }) => names)]
}
