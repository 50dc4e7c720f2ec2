import type { CompletionFlag, CompletionPlace } from './completion-places.ts'
import { placeCases } from './shell-cases.ts'

/** Takes the places of the command line, gives the script for fish. */
export function fishScript(places: readonly CompletionPlace[]): string {
  return `# fish completion of linkerd-tracing, as ~/.config/fish/completions/linkerd-tracing.fish
function __linkerd_tracing_at
  set -l place ''
  for word in (commandline -opc)[2..]
    switch "$place $word"
      case ${placeCases(places).replaceAll('|', ' ')}
        set place (string trim -- "$place $word")
    end
  end
  test "$place" = "$argv[1]"
end
complete -c linkerd-tracing -f
${places.flatMap(linesOf).join('\n')}
`
}

function linesOf(place: CompletionPlace): string[] {
  const at = `complete -c linkerd-tracing -n "__linkerd_tracing_at '${place.path}'"`
  const words = place.words.map(({ name, description }) => `${at} -a ${name}${described(description)}`)
  const flags = place.flags.map((flag) => `${at} ${namesOf(flag)}${valueFlags(flag)}${described(flag.description)}`)
  return [...words, ...flags]
}

function namesOf({ names }: CompletionFlag): string {
  return names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ')
}

function valueFlags({ value }: CompletionFlag): string {
  if (value === undefined) return ''
  if (value === 'file') return ' -r -F'
  return value === 'other' ? ' -x' : ` -x -a '${value.join(' ')}'`
}

/** Within single quotes of fish a backslash and a single quote are special. */
function described(text: string): string {
  return text === '' ? '' : ` -d '${text.replace(/[\\']/g, '\\$&')}'`
}
