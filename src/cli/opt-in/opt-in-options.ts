import { Option } from 'commander'
import { linkerdOptions } from '../linkerd-flags.ts'

/** Gives the options of `enable` and `disable`; their switches take no value, which a Namespace behind them would pass for. */
export function optInOptions(): Option[] {
  return [
    new Option('--restart', 'Restart the workloads whose Pods are not as the label says, one after the other.'),
    new Option('--timeout <duration>', 'How long one restart may take.').default('10m0s'),
    new Option('--dry-run', 'Say what would be changed, and have the API server judge it; change nothing.'),
    ...linkerdOptions(),
  ]
}
