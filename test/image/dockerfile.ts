/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string
  readonly text: string
}

/** What stands between two FROMs. */
export interface Stage {
  /** What it is made from, arguments filled in. */
  readonly image: string
  readonly name: string
  readonly instructions: readonly Instruction[]
}

export interface Copy {
  /** The stage that it is taken from; undefined: the build context. */
  readonly from: string | undefined
  readonly sources: readonly string[]
  readonly target: string
}

/** Reads a Dockerfile as far as ours goes: comments, continued lines, arguments before the first FROM. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const instructions = lines.map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    return { name, text: rest }
  })
  const first = instructions.findIndex(({ name }) => name === 'FROM')
  const known = Object.fromEntries(instructions.slice(0, first).map(({ text: word }) => word.split('=')))
  const stages: (Stage & { instructions: Instruction[] })[] = []
  for (const instruction of instructions.slice(first)) {
    if (instruction.name === 'FROM') stages.push(stageOf(instruction.text, known))
    else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

function stageOf(text: string, known: Readonly<Record<string, string>>) {
  const [, image = '', name = ''] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(text) ?? []
  return {
    image: image.replace(/\$\{(\w+)\}/g, (_all, argument: string) => known[argument] ?? ''),
    name,
    instructions: [],
  }
}

/** Gives the COPYs of a stage. */
export function copiesOf({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const words = text.split(/\s+/)
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
      const paths = words.filter((word) => !word.startsWith('--'))
      return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
    })
}

/** Gives the text of the last instruction of a name. */
export function lastOf({ instructions }: Stage, wanted: string): string | undefined {
  return instructions.findLast(({ name }) => name === wanted)?.text
}
