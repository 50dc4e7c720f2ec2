import type { Setting } from './setting.ts'

const BRIDGE = ['bridge'] as const

/** The settings of `bridge`; a part of the one table. A flag that other commands have too has its own default here. */
export const BRIDGE_SETTINGS = [
  {
    flag: 'host',
    kind: 'host',
    placeholder: 'address',
    // It is for others: the Pod's proxy, the kubelet and Prometheus come from outside of the container.
    default: '::',
    sentence:
      'Bridge: address that both servers listen on. `::` means all addresses, of IPv4 too; where IPv6 is off, `0.0.0.0` is taken.',
    commands: BRIDGE,
  },
  {
    flag: 'port',
    kind: 'port',
    placeholder: 'port',
    default: '55678',
    sentence: 'Bridge: port of the OpenCensus agent’s protocol (gRPC, without TLS of its own). 0 takes any free one.',
    commands: BRIDGE,
  },
  {
    flag: 'collector-address',
    kind: 'address',
    placeholder: 'host:port',
    default: '127.0.0.1:4317',
    sentence:
      'Bridge: address of the collector that gets the spans (OTLP over gRPC, without TLS): the one in the same Pod.',
    commands: BRIDGE,
  },
  {
    flag: 'queue-bytes',
    kind: 'bytes',
    placeholder: 'size',
    // At 500 bytes a span it holds 67,000: 11 minutes of a control plane's 100 spans a second.
    default: '32Mi',
    sentence:
      'Most bytes of spans that wait for the collector. When the queue is full, new spans are dropped and counted.',
    commands: BRIDGE,
  },
  {
    flag: 'queue-spans',
    kind: 'count',
    placeholder: 'spans',
    default: '100000',
    sentence: 'Most spans that wait for the collector.',
    commands: BRIDGE,
  },
  {
    flag: 'max-streams',
    kind: 'count',
    placeholder: 'streams',
    // An open stream costs 15 KB (measured), so these cost 60 MB.
    default: '4000',
    sentence:
      'Most streams that are open at once; further ones are refused. A component of the control plane has three, a proxy before Linkerd 2.17 one.',
    commands: BRIDGE,
  },
  {
    flag: 'flush-seconds',
    kind: 'seconds',
    placeholder: 'seconds',
    // Well below the grace period of 30 s that Pods have by default.
    default: '10',
    sentence:
      'How long SIGTERM waits for queued spans to reach the collector; what is left is dropped, counted and logged.',
    commands: BRIDGE,
  },
] as const satisfies readonly Setting[]
