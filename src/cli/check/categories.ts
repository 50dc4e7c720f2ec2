import { CERTIFICATES } from './certificates.ts'
import type { CheckCategory } from './check.ts'
import type { CheckContext } from './check-context.ts'
import { COMPONENTS } from './component-checks.ts'
import { KUBERNETES_API } from './kubernetes-api.ts'
import { LINKERD } from './linkerd.ts'
import { LINKERD_JAEGER } from './linkerd-jaeger.ts'
import { POLICY } from './policy-checks.ts'
import { PRE_INSTALL } from './pre-install.ts'
import { PROXIES } from './proxy-checks.ts'
import { SPAN } from './span-check.ts'
import { TRACING_CONFIG } from './tracing-config.ts'
import { WEBHOOK_REACHED } from './webhook-reached.ts'

/** What is checked of an installation: each category asks for what the ones before it have found well. */
export const CATEGORIES: readonly CheckCategory<CheckContext>[] = [
  KUBERNETES_API,
  TRACING_CONFIG,
  CERTIFICATES,
  WEBHOOK_REACHED,
  COMPONENTS,
  POLICY,
  SPAN,
  PROXIES,
]

/** What is checked before one. */
export const PRE_CATEGORIES: readonly CheckCategory<CheckContext>[] = [
  KUBERNETES_API,
  PRE_INSTALL,
  LINKERD,
  LINKERD_JAEGER,
]
