import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { shownWorkload } from '../pod-coverage/workload.ts'
import type { MigrationFacts } from './migration-facts.ts'
import type { Finding, Step } from './migration-plan.ts'
import { type NativeSetting, nativeTracing } from './native-tracing.ts'
import { ownAddresses } from './old-collector.ts'
import { ownerOfObject } from './owner.ts'

/**
 * Takes the facts, gives what Linkerd itself is told of tracing. Only Linkerd's own tools change that: what else wrote into
 * `linkerd-config` would be undone by the next upgrade of Linkerd. Pure.
 */
export function nativeFindings(facts: MigrationFacts): Finding[] {
  const { on, collectors } = nativeTracing(facts.linkerdConfig)
  const others = collectors.filter((address) => !ownAddresses(facts).includes(address))
  if (on.length > 0) {
    const names = on.map(({ name }) => name).join(' and ')
    const to = others.length === 0 ? '' : `; it sends spans to ${others.join(' and ')}`
    return [
      {
        sentence: `Linkerd traces by its own setting ${names}${to}${componentsText(facts)}`,
        steps: [upgradeStep(facts, offUpgrade(on))],
      },
    ]
  }
  if (facts.components.length === 0) return []
  const sentence = `${componentsText(facts).slice(2)}; linkerd-config does not say so`
  return [{ sentence, steps: [upgradeStep(facts, { title: 'render the control plane anew', cli: '', helm: '' })] }]
}

function componentsText({ components }: MigrationFacts): string {
  if (components.length === 0) return ''
  const told = components.map(({ workload, address }) => `${shownWorkload(workload)} to ${address}`)
  return `; programs of the control plane are told to send spans: ${told.join(', ')}`
}

interface Upgrade {
  readonly title: string
  /** What the tools are told for it. */
  readonly cli: string
  readonly helm: string
}

function offUpgrade(on: readonly NativeSetting[]): Upgrade {
  const off = (tool: 'cli' | 'helm') => on.map((setting) => ` ${setting.off[tool]}`).join('')
  return {
    title: `switch off ${on.map(({ name }) => name).join(' and ')} in Linkerd`,
    cli: off('cli'),
    helm: off('helm'),
  }
}

/** By the tool that has installed Linkerd: each would lose what the other knows. */
function upgradeStep({ linkerdConfig, linkerdNamespace }: MigrationFacts, { title, cli, helm }: Upgrade): Step {
  const owner = ownerOfObject(linkerdConfig ?? {})
  const step = (more: string, commands: readonly string[]): Step => ({
    ...{ phase: 'linkerd', needs: [], title: title + more, action: { do: 'by-hand', commands } },
    ...(owner !== undefined && { owner }),
  })
  if (owner !== undefined && owner.release === undefined) return step(`, in what ${owner.text} applies`, [])
  const release = owner?.release ?? releaseOf(linkerdConfig)
  if (release !== undefined) {
    const place = `${release.name} CHART -n ${release.namespace}`
    return step(', which Helm has installed; CHART and --version as they were', [
      `helm upgrade ${place} --reuse-values${helm}`,
    ])
  }
  const flag = linkerdNamespace === 'linkerd' ? '' : ` -L ${linkerdNamespace}`
  return step('', [`linkerd upgrade${flag}${cli} | kubectl apply -f -`])
}

/** A render by Helm without a release (`helm template`) says so in Linkerd's own annotation; then Linkerd's CLI must not upgrade it. */
function releaseOf(linkerdConfig: JsonObject | undefined): { name: string; namespace: string } | undefined {
  const metadata = objectOf(linkerdConfig, 'metadata')
  const by = textOf(objectOf(metadata, 'annotations'), 'linkerd.io/created-by') ?? ''
  return by.startsWith('linkerd/helm')
    ? { name: 'linkerd-control-plane', namespace: textOf(metadata, 'namespace') ?? 'linkerd' }
    : undefined
}
