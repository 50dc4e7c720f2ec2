import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'

/** In whose name requests are made (kubectl's `--as` and `--as-group`); a group alone is refused by the API server. */
export interface Impersonation {
  readonly user?: string | undefined
  readonly groups?: readonly string[] | undefined
}

/** Takes in whose name to ask, gives the headers that say it. Pure. */
export function impersonationHeaders({ user, groups = [] }: Impersonation): Record<string, string | string[]> {
  return {
    ...(user === undefined ? {} : { 'impersonate-user': user }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }),
  }
}

/** Takes access to a cluster, gives the same in another's name. */
export function actingAs(config: KubeConfig, impersonation: Impersonation): KubeConfig {
  const headers = impersonationHeaders(impersonation)
  return Object.assign(Object.create(config) as KubeConfig, {
    applyToHTTPSOptions: async (options: RequestOptions) => {
      await config.applyToHTTPSOptions(options)
      options.headers = { ...(options.headers as Record<string, string>), ...headers }
    },
  })
}
