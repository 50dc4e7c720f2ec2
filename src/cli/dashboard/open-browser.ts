import { spawn } from 'node:child_process'
import { platform } from 'node:os'

const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // `start` is no program, but a command of the shell; its first argument in quotes would be a title.
  win32: ['cmd', '/c', 'start', '""'],
}

/** Takes a URL, has the desktop open it; gives whether there was a program that took it. It lives on without us. */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const [program, ...words] = PROGRAMS[platform()] ?? ['xdg-open']
  return new Promise((resolve) => {
    const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true, env: { ...env } })
    child.once('error', () => resolve(false))
    child.once('spawn', () => resolve(true))
    child.unref()
  })
}
