// npm run cluster: leaves a test cluster running until Ctrl-C.
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { startStandInInjector } from './stand-in-injector.ts'
import { startCluster } from './start-cluster.ts'

const HELP = `Usage: npm run cluster -- [flags]

Starts etcd, kube-apiserver and kube-controller-manager on 127.0.0.1 and leaves them running until Ctrl-C; everything of
theirs is then removed. No Pod ever runs: there is no node. The first run builds the programs with Go (some minutes).

  --emulated-version VERSION  behave as Kubernetes 1.34, 1.35 or 1.36 (default: 1.37)
  --no-controller-manager     Deployments get no Pods; starts a second sooner
  --linkerd                   also run the tests' stand-in for Linkerd's proxy-injector
  --with-injector             also run that stand-in and linkerd-tracing itself, installed by its shipped manifests
  -h, --help                  this text
`

const say = (text: string) => process.stderr.write(`cluster: ${text}\n`)

function readFlags() {
  const { values } = parseArgs({
    options: {
      'emulated-version': { type: 'string' },
      'no-controller-manager': { type: 'boolean', default: false },
      linkerd: { type: 'boolean', default: false },
      'with-injector': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return values
}

async function main(): Promise<void> {
  const flags = readFlags()
  if (flags.help) {
    process.stdout.write(HELP)
    return
  }
  const cluster = await startCluster({
    emulatedVersion: flags['emulated-version'],
    controllerManager: !flags['no-controller-manager'],
    say,
  })
  let injector: InstalledInjector | undefined
  let stopping = false
  const stop = async () => {
    // npm passes the signal on that the terminal has already given: the second one is the same Ctrl-C.
    if (stopping) return
    stopping = true
    await injector?.end()
    await cluster.stop()
    say('stopped, and removed')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  if (flags.linkerd || flags['with-injector']) await startStandInInjector(cluster)
  if (flags['with-injector']) {
    injector = await installInjector(cluster)
    say(`linkerd-tracing serves; metrics: http://127.0.0.1:${injector.adminPort}/metrics`)
  }
  // A pending timer keeps the process alive; the servers alone do not.
  setInterval(() => {}, 3_600_000)
  process.stdout.write(`# ${cluster.server}, until Ctrl-C. kubectl: ${cluster.kubectlProgram}\n`)
  // kubectl of the same version is there already; a reader may have none.
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig} PATH="${dirname(cluster.kubectlProgram)}:$PATH"\n`)
}

try {
  await main()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
