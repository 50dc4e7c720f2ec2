import { isIP } from 'node:net'
import { parseDuration } from '../../config/parse-duration.ts'
import { DNS_NAME_RULE, isProxyDnsName } from '../../injection/dns-name.ts'
import {
  type AuthorityFolderRequest,
  addCa,
  dropCa,
  generateAuthority,
  rotateServing,
  useCa,
} from '../../tls/authority-folder.ts'
import type { CliContext } from '../context.ts'
import type { ClusterFlags } from './cluster.ts'

export interface WritingFlags extends ClusterFlags {
  readonly certDir?: string
  readonly secret?: string
  readonly ca?: 'add' | 'use' | 'drop'
  readonly service: string
  readonly clusterDomain: string
  readonly name?: readonly string[]
  readonly caLifetime: string
  readonly servingLifetime: string
}

/** Takes the flags of `certs generate`, makes what is lacking and says what it did. Throws sentences. */
export async function runGenerate(flags: WritingFlags, context: CliContext): Promise<void> {
  const request = requestOf(flags)
  const outcome = await generateAuthority(request)
  const said = outcome === 'made' ? 'made ca.crt, ca.key, tls.crt, tls.key and ca-bundle.crt' : 'all is there already'
  context.stdout.write(`${request.folder}: ${said}\n`)
}

/** Takes the flags of `certs rotate`, renews in a directory or asks injectors to, and says what comes next. Throws sentences. */
export async function runRotate(flags: WritingFlags, context: CliContext): Promise<void> {
  if ((flags.certDir === undefined) === (flags.secret === undefined)) {
    throw new Error('name either --cert-dir or --secret')
  }
  if (flags.secret === undefined) context.stdout.write(`${await rotateFolder(requestOf(flags), flags.ca)}\n`)
  else context.stdout.write(`${await askInjectors(flags, flags.secret, context)}\n`)
}

async function rotateFolder(request: AuthorityFolderRequest, step: WritingFlags['ca']): Promise<string> {
  const { folder } = request
  if (step === 'add') {
    const isNew = await addCa(request)
    return `${folder}: ${isNew ? 'another CA was added' : 'another CA was added before'}; write ca-bundle.crt into the configurations, wait a minute, then: rotate --ca use`
  }
  if (step === 'use') {
    const isUsed = await useCa(request)
    if (!isUsed) return `${folder}: there is no next CA, nothing was done`
    return `${folder}: the new CA signed tls.crt; bring tls.crt and tls.key to every injector, then: rotate --ca drop`
  }
  if (step === 'drop') {
    const hadOld = await dropCa(request)
    return `${folder}: ${hadOld ? 'the old CA was dropped; write ca-bundle.crt into the configurations' : 'there was no old CA'}`
  }
  await rotateServing(request)
  return `${folder}: there is a new tls.crt with its tls.key`
}

async function askInjectors(flags: WritingFlags, secret: string, { env }: CliContext): Promise<string> {
  if (flags.ca === 'use' || flags.ca === 'drop') {
    throw new Error(`with --secret only --ca add can be asked for: the injectors do --ca ${flags.ca} themselves`)
  }
  const { askForRotation } = await import('./cluster.ts')
  const what = flags.ca === 'add' ? 'ca' : 'serving'
  const name = `Secret ${flags.namespace}/${secret}`
  const isLeft = await askForRotation({ flags, env, secret, what })
  if (!isLeft)
    return `${name}: another CA is on its way already, nothing was asked for; certs show tells when it is there`
  const words = what === 'ca' ? 'another CA, in the safe order (it takes minutes)' : 'a new serving certificate'
  return `${name}: the injectors were asked for ${words}; certs show tells when it is there`
}

function requestOf(flags: WritingFlags): AuthorityFolderRequest {
  if (flags.certDir === undefined) throw new Error('--cert-dir is needed: where the files are, or will be')
  const { service, namespace, clusterDomain } = flags
  const host = `${service}.${namespace}`
  return {
    folder: flags.certDir,
    names: [service, host, `${host}.svc`, `${host}.svc.${clusterDomain}`, ...(flags.name ?? [])].map(certificateName),
    caLifetimeMs: durationOf('ca-lifetime', flags.caLifetime),
    servingLifetimeMs: durationOf('serving-lifetime', flags.servingLifetime),
    now: new Date(),
  }
}

/** Two names in one are not told by anything later on: it would be a certificate that is for neither. */
function certificateName(name: string): string {
  const dnsName = name.replace(/^\*\./, '')
  if (isIP(name) !== 0 || (isProxyDnsName(dnsName) && !dnsName.endsWith('.'))) return name
  throw new Error(
    `a certificate cannot be for ${JSON.stringify(name)}: a name of it ${DNS_NAME_RULE}, or an IP address`,
  )
}

function durationOf(flag: string, text: string): number {
  const parsed = parseDuration(text)
  if ('rule' in parsed) throw new Error(`--${flag} = ${JSON.stringify(text)}: ${parsed.rule}`)
  return parsed.value
}
