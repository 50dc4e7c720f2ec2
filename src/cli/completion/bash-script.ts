import type { CompletionPlace } from './completion-places.ts'
import { placeCases, valueCases, wordsOf } from './shell-cases.ts'

/** Takes the places of the command line, gives the script for bash. */
export function bashScript(places: readonly CompletionPlace[]): string {
  const values = valueCases(places, {
    words: (words) => `mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$current")`,
    file: () => 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")',
    other: () => ':',
  })
  const words = places.map((place) => `    '${place.path}') words='${wordsOf(place).join(' ')}' ;;`)
  return `# bash completion of linkerd-tracing: source <(linkerd-tracing completion bash)
_linkerd_tracing() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} place='' word words=''
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
      ${placeCases(places)}) place=\${place:+$place }$word ;;
    esac
  done
  case "$place $before" in
${values.map((line) => `    ${line}`).join('\n')}
  esac
  case "$place" in
${words.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _linkerd_tracing linkerd-tracing
`
}
