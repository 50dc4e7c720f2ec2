import { headerVariable } from './backend.ts'
import type { CollectorSettings } from './collector-settings.ts'
import { goMemoryLimit } from './memory.ts'
import { redactionArguments } from './redaction.ts'

/** An environment variable of a container, as Kubernetes writes it. */
export type ContainerVariable =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } }
    }

/** Takes the settings, gives the arguments of the collector’s container that follow `--config`. */
export function collectorArguments({ redaction }: CollectorSettings): string[] {
  return redactionArguments(redaction)
}

/** Takes the settings, gives the variables that the collector's container needs for its configuration. */
export function collectorEnvironment(settings: CollectorSettings): ContainerVariable[] {
  const headers = settings.backends.flatMap((backend) =>
    (backend.headers ?? []).map((header) => ({
      name: headerVariable(backend, header),
      valueFrom: { secretKeyRef: { name: header.secret.name, key: header.secret.key } },
    })),
  )
  return [{ name: 'GOMEMLIMIT', value: goMemoryLimit(settings.memoryMib) }, ...headers]
}
