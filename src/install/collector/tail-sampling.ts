import type { Components, ConfigMap } from '../component-config.ts'
import type { TailSampling } from './collector-settings.ts'

/**
 * Takes the choice and the container's memory in MiB, gives the processor that keeps whole traces or drops them.
 * It must see all spans of a trace: with several collectors they are to be routed by trace ID.
 */
export function tailSamplingProcessor(choice: TailSampling | undefined, memoryMib: number): Components {
  if (choice === undefined) return {}
  const traces = memoryMib * TRACES_A_MIB
  return {
    tail_sampling: {
      decision_wait: `${choice.waitSeconds}s`,
      num_traces: traces,
      // spans that come late share the fate of their trace
      decision_cache: { sampled_cache_size: traces * 10, non_sampled_cache_size: traces * 10 },
      sample_on_first_match: true,
      policies: policies(choice),
    },
  }
}

/**
 * A trace of ten spans with 3 KiB each takes 30 KiB: eight a MiB are a quarter of the memory. Beyond that number the
 * oldest is dropped without being judged.
 */
const TRACES_A_MIB = 8

function policies({ errors, slowerThanMs, percent }: TailSampling): ConfigMap[] {
  return [
    ...(errors
      ? [
          { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
          {
            name: 'failed-responses',
            type: 'ottl_condition',
            ottl_condition: { error_mode: 'ignore', span: FAILED_RESPONSES },
          },
        ]
      : []),
    ...(slowerThanMs === undefined ? [] : [{ name: 'slow', type: 'latency', latency: { threshold_ms: slowerThanMs } }]),
    { name: 'share', type: 'probabilistic', probabilistic: { sampling_percentage: percent } },
  ]
}

/**
 * A proxy writes the response's status as an attribute and leaves that of the span unset. Of gRPC's codes those that
 * OpenTelemetry's conventions call errors of a server.
 */
const FAILED_RESPONSES = [
  'IsMatch(span.attributes["http.response.status_code"], "^5[0-9][0-9]$")',
  'IsMatch(span.attributes["http.status_code"], "^5[0-9][0-9]$")',
  'IsMatch(span.attributes["rpc.grpc.status_code"], "^(2|4|12|13|14|15)$")',
].map((condition) => condition.replaceAll('$', '$$$$'))
