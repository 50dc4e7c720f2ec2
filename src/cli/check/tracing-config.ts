import { injectorManifests } from '../../install/injector-manifests.ts'
import { LayoutError } from '../../install/issuer-chain.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { type CheckCategory, type CheckOutcome, failure, success } from './check.ts'
import type { CheckContext } from './check-context.ts'
import { ENTRY_CHECKS } from './entry-checks.ts'
import { findLayout, NOT_INSTALLED } from './installed-layout.ts'
import { OBJECT_CHECKS } from './object-checks.ts'
import { ORDER_CHECK } from './order-check.ts'

/** The cluster-wide objects, compared with what `install` makes for the same layout. */
export const TRACING_CONFIG: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-config',
  checks: [
    {
      description: 'linkerd-tracing is installed',
      hint: 'linkerd-tracing-is-installed',
      isFatal: true,
      run: async (context) => {
        const layout = await findLayout(context)
        return layout === undefined ? failure(NOT_INSTALLED) : layoutOutcome(layout)
      },
    },
    ...ENTRY_CHECKS,
    ORDER_CHECK,
    ...OBJECT_CHECKS,
  ],
}

function layoutOutcome(layout: InstallLayout): CheckOutcome {
  try {
    injectorManifests(layout)
  } catch (error) {
    if (error instanceof LayoutError) return failure(error.message)
    throw error
  }
  return success(`Namespace ${layout.namespace}, certificates ${layout.certs}`)
}
