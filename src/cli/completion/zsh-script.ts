import type { CompletionPlace } from './completion-places.ts'
import { placeCases, valueCases } from './shell-cases.ts'

/** Takes the places of the command line, gives the script for zsh. */
export function zshScript(places: readonly CompletionPlace[]): string {
  const values = valueCases(places, {
    words: (words) => `compadd -- ${words.join(' ')}`,
    file: () => '_files',
    other: () => '_message value',
  })
  return `#compdef linkerd-tracing
# zsh completion of linkerd-tracing, as a file _linkerd-tracing in a folder of $fpath
_linkerd_tracing() {
  local place='' word before="\${words[CURRENT-1]}"
  local -a described
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      ${placeCases(places)}) place="\${place:+$place }$word" ;;
    esac
  done
  case "$place $before" in
${values.map((line) => `    ${line}`).join('\n')}
  esac
  case "$place" in
${places.map((place) => `    '${place.path}') described=(${describedWords(place).join(' ')}) ;;`).join('\n')}
  esac
  _describe -V linkerd-tracing described
}
compdef _linkerd_tracing linkerd-tracing
if [ "$funcstack[1]" = '_linkerd-tracing' ]; then _linkerd_tracing; fi
`
}

function describedWords({ words, flags }: CompletionPlace): string[] {
  const all = [...words, ...flags.flatMap(({ names, description }) => names.map((name) => ({ name, description })))]
  return all.map(({ name, description }) => quote(description === '' ? name : `${name}:${description}`))
}

/** Within single quotes nothing is special but a single quote. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
