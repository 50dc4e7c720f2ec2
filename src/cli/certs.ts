import { type Command, Option } from 'commander'
import { kubernetesOptions, lifetimeOptions, nameOptions, namespaceOption, sourceOptions } from './certs/options.ts'
import type { CliContext } from './context.ts'

const SOURCES = `
A certificate is read from one of: --cert-dir (tls.crt, tls.key, ca.crt or ca-bundle.crt), --file
(PEM), --secret (of the cluster), --url (a server that runs). Keys are compared with their
certificates, and never shown.
`
const READ_CODES = `
Exit codes: 0 fine; 1 it cannot be read; 2 (verify) something is wrong with it, and each fault was
named.
`
const WRITE_CODES = `
Exit codes: 0 done, or there was nothing to do; 1 otherwise, and what was there is still there.
`

/** Adds the command `certs` to the program. */
export function register(program: Command, context: CliContext): void {
  const certs = program.command('certs').description('Look at certificates of the webhook, check, make and renew them.')
  addReading(certs, context, {
    name: 'show',
    description: 'Show a certificate: names, expiry, chain, and which bundles trust it.',
    examples: [
      '--cert-dir .linkerd-tracing',
      '--secret linkerd-tracing-injector-certs --bundles',
      '--url https://127.0.0.1:8443',
    ],
  })
  addReading(certs, context, {
    name: 'verify',
    description: 'Check a certificate: dates, key, purpose, names, and that every bundle trusts it.',
    examples: [
      '--cert-dir certs --name linkerd-tracing-injector.linkerd-tracing.svc',
      '--secret linkerd-tracing-injector-certs --bundles',
      '--url https://127.0.0.1:8443 --ca-file .linkerd-tracing/ca.crt',
    ],
  })
  addGenerate(certs, context)
  addRotate(certs, context)
}

interface Reading {
  readonly name: 'show' | 'verify'
  readonly description: string
  readonly examples: readonly string[]
}

function addReading(certs: Command, context: CliContext, { name, description, examples }: Reading): void {
  const shown = examples.map((example) => `  linkerd-tracing certs ${name} ${example}`)
  const command = certs.command(name).description(description).allowExcessArguments(false)
  for (const option of [...sourceOptions(), ...kubernetesOptions()]) command.addOption(option)
  command
    .addOption(
      new Option('-o, --output <format>', 'How to print it.').choices(['table', 'json', 'yaml']).default('table'),
    )
    .addHelpText('after', [SOURCES, 'Examples:\n', `${shown.join('\n')}\n`, READ_CODES].join(''))
    .action(async (flags) => {
      const { runReading } = await import('./certs/run-reading.ts')
      context.setExitCode(await runReading(name, flags, context))
    })
}

function addGenerate(certs: Command, context: CliContext): void {
  const command = certs
    .command('generate')
    .description('Make a CA and a serving certificate in a directory, unless they are there.')
    .allowExcessArguments(false)
  for (const option of [...nameOptions(), ...lifetimeOptions(), namespaceOption()]) command.addOption(option)
  command
    .addHelpText('after', `\nExamples:\n  linkerd-tracing certs generate --cert-dir certs\n${WRITE_CODES}`)
    .action(async (flags) => {
      const { runGenerate } = await import('./certs/run-writing.ts')
      await runGenerate(flags, context)
    })
}

const ROTATE_DETAILS = `
Another CA without a moment in which anybody distrusts anything, in a directory:
  linkerd-tracing certs rotate --cert-dir certs --ca add
    then write ca-bundle.crt into the configurations, and wait a minute
  linkerd-tracing certs rotate --cert-dir certs --ca use
    then bring tls.crt and tls.key to every injector
  linkerd-tracing certs rotate --cert-dir certs --ca drop
    then write ca-bundle.crt again
With --secret the injectors of the mode self-managed do all of this themselves: --ca add asks for
another CA.

Examples:
  linkerd-tracing certs rotate --cert-dir certs
  linkerd-tracing certs rotate --secret linkerd-tracing-injector-certs
`

function addRotate(certs: Command, context: CliContext): void {
  const command = certs
    .command('rotate')
    .description('Make a new serving certificate in a directory, or ask self-managed injectors for one.')
    .allowExcessArguments(false)
    .option('--secret <name>', 'Secret of self-managed injectors, to ask them by.')
    .addOption(new Option('--ca <step>', 'Another CA too, step by step.').choices(['add', 'use', 'drop']))
  for (const option of [...nameOptions(), ...lifetimeOptions(), ...kubernetesOptions()]) command.addOption(option)
  command.addHelpText('after', `${ROTATE_DETAILS}${WRITE_CODES}`).action(async (flags) => {
    const { runRotate } = await import('./certs/run-writing.ts')
    await runRotate(flags, context)
  })
}
