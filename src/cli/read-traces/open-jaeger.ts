import { demandLayout } from '../check/installed-layout.ts'
import type { CliContext } from '../context.ts'
import { openCluster } from '../open-cluster.ts'
import { reachJaeger } from '../traces/reach-pod.ts'
import { type JaegerApi, openJaegerApi } from './jaeger-api.ts'
import type { JaegerFlags } from './trace-flags.ts'

/** Takes the flags, gives Jaeger’s API: at `--jaeger-url`, where no cluster is asked, else by a forwarded port. Whoever opens it closes it. */
export async function openJaeger(flags: JaegerFlags, context: Pick<CliContext, 'env' | 'stderr'>): Promise<JaegerApi> {
  const { jaegerUrl, linkerdNamespace } = flags
  if (jaegerUrl !== undefined) return openJaegerApi({ url: jaegerUrl, isCompressed: !isThisMachine(jaegerUrl) })
  const { view: cluster, openPort, close } = openCluster(flags, context)
  try {
    const { namespace } = await demandLayout({ cluster, linkerdNamespace })
    const reached = await reachJaeger({ cluster, openPort, asked: {} }, namespace)
    const api = openJaegerApi({ url: reached.url, isCompressed: true })
    return {
      ...api,
      close: () => {
        api.close()
        void reached.close()
        close()
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

function isThisMachine(url: string): boolean {
  return /^https?:\/\/([^/]*@)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]?/i.test(url)
}
