import { type InstallSettings, TRACE_PROTOCOLS, type TraceProtocol } from './install-settings.ts'
import { type LinkerdVersion, protocolsOf } from './linkerd-version.ts'
import { COLLECTOR_PROTOCOL } from './metadata-names.ts'
import { invalidSetting, type SettingFault, unsupportedProxy } from './setting-fault.ts'
import { type AnnotationSources, faultSentence, findAnnotation } from './setting-sources.ts'

export interface ResolvedProtocol {
  /** Absent when nothing valid was asked for. */
  readonly protocol?: TraceProtocol
  readonly fault?: SettingFault
}

export interface ProtocolSources {
  readonly annotations: AnnotationSources
  readonly install: InstallSettings
  readonly version: LinkerdVersion | undefined
}

export const PROTOCOL_RULE = `must be ${TRACE_PROTOCOLS.join(' or ')}`

/** Whether the text names a trace protocol. */
export function isTraceProtocol(text: string): text is TraceProtocol {
  return (TRACE_PROTOCOLS as readonly string[]).includes(text)
}

/** Resolves the protocol: what the proxy's version leaves open is decided by the annotation, else by the installation. */
export function resolveProtocol({ annotations, install, version }: ProtocolSources): ResolvedProtocol {
  const annotation = findAnnotation(annotations, COLLECTOR_PROTOCOL)
  if (annotation !== undefined && !isTraceProtocol(annotation.text)) {
    return { fault: invalidSetting(faultSentence(annotation, PROTOCOL_RULE)) }
  }
  const asked = (annotation?.text as TraceProtocol | undefined) ?? install.protocol
  const spoken = protocolsOf(version)
  if (spoken.includes(asked)) return { protocol: asked }
  const [protocol] = spoken
  if (annotation === undefined) return { protocol }
  return {
    protocol,
    fault: unsupportedProxy(faultSentence(annotation, `contradicts the proxy, which speaks ${protocol} only`)),
  }
}
