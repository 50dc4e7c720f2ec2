import { isJsonObject, listOf, textOf } from '../../injection/json.ts'
import { type CheckCategory, failure, failureForNow, success } from './check.ts'
import type { CheckContext } from './check-context.ts'

/** CEL matchConditions and ValidatingAdmissionPolicy are stable from here on. */
const LEAST_MINOR = 30

/** The API server itself: without it nothing else can be looked at. */
export const KUBERNETES_API: CheckCategory<CheckContext> = {
  name: 'kubernetes-api',
  checks: [
    {
      description: 'can query the Kubernetes API',
      hint: 'can-query-the-kubernetes-api',
      isFatal: true,
      run: async ({ cluster }) => {
        try {
          await cluster.read('version')
          return success()
        } catch (error) {
          return failureForNow((error as Error).message)
        }
      },
    },
    {
      description: 'is running the minimum Kubernetes API version',
      hint: 'is-running-the-minimum-kubernetes-api-version',
      run: async ({ cluster }) => {
        const found = textOf(await cluster.read('version'), 'gitVersion') ?? ''
        const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(found) ?? []
        if (major === undefined) return failure(`the API server tells no version: ${JSON.stringify(found)}`)
        const isEnough = Number(major) > 1 || Number(minor) >= LEAST_MINOR
        return isEnough ? success(found) : failure(`the API server is ${found}; v1.${LEAST_MINOR} or newer is needed`)
      },
    },
    {
      description: 'ValidatingAdmissionPolicy is served',
      hint: 'validatingadmissionpolicy-is-served',
      run: async ({ cluster }) => {
        const kinds = listOf(await cluster.read('apis/admissionregistration.k8s.io/v1'), 'resources')
        const isServed = kinds.some(
          (kind) => isJsonObject(kind) && textOf(kind, 'name') === 'validatingadmissionpolicies',
        )
        return isServed
          ? success()
          : failure('admissionregistration.k8s.io/v1 has no ValidatingAdmissionPolicy: was it switched off?')
      },
    },
  ],
}
