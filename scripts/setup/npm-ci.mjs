import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Runs `npm ci` with the npm that called us, on that npm's own Node (ours may lie in the node_modules that npm is
 * about to delete). Install scripts stay off: none of the locked packages needs one. Development packages are
 * always asked for, since a machine with NODE_ENV=production could not bundle otherwise.
 */
export async function npmCi(root) {
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--prefer-offline']
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  const cli = process.env.npm_execpath
  const isNpm = cli && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli)
  const [command, ...first] = isNpm ? [process.env.npm_node_execpath ?? process.execPath, cli] : ['npm']
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args, ...quiet], {
      cwd: root,
      // npm's text goes to stderr: stdout belongs to the program that is started next.
      stdio: ['ignore', 2, 2],
      shell: !isNpm && process.platform === 'win32',
    })
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}; its own message is above.`)
}
