// The script for bash is run by bash. zsh and fish are run where they are installed.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { runInProcess } from '../cli-run.ts'

const script = async (shell: string) => {
  const run = runInProcess(['completion', shell])
  expect(await run.returned).toBe(0)
  return run.stdout()
}
const has = (shell: string) => {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What bash would offer for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const quoted = ['linkerd-tracing', ...words].map((word) => `'${word}'`).join(' ')
  const asked = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _linkerd_tracing; printf '%s\\n' "\${COMPREPLY[@]}"`
  const input = `${await script('bash')}\n${asked}\n`
  const output = execFileSync('bash', ['--noprofile', '--norc', '-u'], { input, encoding: 'utf8' })
  return output.split('\n').filter((word) => word !== '')
}

test.skipIf(process.platform === 'win32').each([
  { typed: ['ins'], offers: ['install'] },
  { typed: ['un'], offers: ['uninstall'] },
  { typed: ['install', '--cert'], offers: ['--certs'] },
  { typed: ['install', '--certs', ''], offers: ['self-managed', 'cert-manager', 'files'] },
  { typed: ['install', '--ha', '--jaeger', 'b'], offers: ['badger'] },
  { typed: ['check', '-o', ''], offers: ['table', 'json', 'short'] },
  { typed: ['certs', 've'], offers: ['verify'] },
  { typed: ['completion', ''], offers: ['bash', 'zsh', 'fish', '-h', '--help'] },
  // What only the user knows.
  { typed: ['install', '--registry', ''], offers: [] },
  // A value that is called like a command leads nowhere.
  { typed: ['install', '--certs', 'files', '--polic'], offers: ['--policy'] },
])('bash offers $offers for $typed', async ({ typed, offers }) => {
  expect(await offered(...typed)).toEqual(offers)
})

test.skipIf(process.platform === 'win32')('bash offers files where a file is wanted', async () => {
  expect(await offered('review', '-f', `${import.meta.dirname}/completion.t`)).toEqual([import.meta.filename])
})

test.skipIf(process.platform === 'win32')('hidden commands are not offered, and all others are', async () => {
  const words = await offered('')
  expect(words).not.toContain('_extension-metadata')
  expect(words).toEqual(expect.arrayContaining(['install', 'check', 'review', 'serve', 'help', '--version']))
})

test.skipIf(!has('zsh'))('zsh reads its script', async () => {
  execFileSync('zsh', ['-n'], { input: await script('zsh') })
})

test.skipIf(!has('fish')).each([
  { typed: 'install --jaeger b', offers: ['badger'] },
  { typed: 'certs ve', offers: ['verify'] },
  { typed: 'install --certs files --polic', offers: ['--policy'] },
  { typed: 'install --registry ', offers: [] },
])('fish offers $offers for $typed', async ({ typed, offers }) => {
  const commands = `${await script('fish')}\ncomplete -C 'linkerd-tracing ${typed}'\n`
  const output = execFileSync('fish', ['--no-config', '-c', commands], { encoding: 'utf8' })
  const lines = output.split('\n').filter((line) => line !== '')
  expect(lines.map((line) => line.split('\t')[0])).toEqual(offers)
})

test('zsh and fish are told the same as bash, with descriptions', async () => {
  const [zsh, fish] = [await script('zsh'), await script('fish')]
  expect(zsh).toContain("'install --certs') compadd -- self-managed cert-manager files; return ;;")
  expect(zsh).toContain("'--registry:Registry of all images, in place of each one’s own'")
  expect(fish).toContain(`-n "__linkerd_tracing_at 'install'" -l certs -x -a 'self-managed cert-manager files' -d`)
  expect(fish).toContain(`-n "__linkerd_tracing_at 'review'" -s f -l filename -r -F -d`)
})

test('a shell that there is no script for is refused', async () => {
  const run = runInProcess(['completion', 'tcsh'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toContain('Allowed choices are bash, zsh, fish')
})
