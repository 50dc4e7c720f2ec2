/** Every metric of the bridge, once, as METRICS is for the webhook. */
export const BRIDGE_METRICS = {
  streams: {
    name: 'linkerd_tracing_bridge_streams',
    help: 'Streams of clients that are open, by what they are for.',
    labels: ['rpc'],
  },
  streamsRefused: {
    name: 'linkerd_tracing_bridge_streams_refused_total',
    help: 'Streams that were refused because --max-streams were open.',
    labels: ['rpc'],
  },
  messages: {
    name: 'linkerd_tracing_bridge_messages_total',
    help: 'Messages of clients, by stream and whether they could be read (ok, invalid). Those of metrics-export and trace-config are thrown away.',
    labels: ['rpc', 'result'],
  },
  spansReceived: {
    name: 'linkerd_tracing_bridge_spans_received_total',
    help: 'Spans received: the sum of those sent, dropped, own-stream, invalid and queued.',
    labels: [],
  },
  ownStreamSpans: {
    name: 'linkerd_tracing_bridge_spans_own_stream_total',
    help: 'Spans left out because clients made them of their own streams to the bridge.',
    labels: [],
  },
  invalidSpans: {
    name: 'linkerd_tracing_bridge_spans_invalid_total',
    help: 'Spans left out because they break a rule of the protocol, such as a trace id that is not 16 bytes.',
    labels: [],
  },
  spansSent: {
    name: 'linkerd_tracing_bridge_spans_sent_total',
    help: 'Spans that the collector has taken.',
    labels: [],
  },
  spansDropped: {
    name: 'linkerd_tracing_bridge_spans_dropped_total',
    help: 'Spans that did not reach the collector, by reason; those with the reason unconfirmed may have.',
    labels: ['reason'],
  },
  queueSpans: {
    name: 'linkerd_tracing_bridge_queue_spans',
    help: 'Spans that wait for the collector, or for its answer.',
    labels: [],
  },
  queueBytes: {
    name: 'linkerd_tracing_bridge_queue_bytes',
    help: 'Bytes of the spans that wait for the collector, or for its answer.',
    labels: [],
  },
  exports: {
    name: 'linkerd_tracing_bridge_exports_total',
    help: 'Requests to the collector, by the gRPC status that they ended with.',
    labels: ['status'],
  },
  exportDuration: {
    name: 'linkerd_tracing_bridge_export_duration_seconds',
    help: 'Time from sending a request to the collector to its answer, in seconds.',
    labels: [],
  },
  collectorConnected: {
    name: 'linkerd_tracing_bridge_collector_connected',
    help: '1 while there is a connection to the collector.',
    labels: [],
  },
} as const

/**
 * Upper bounds of the export duration, in seconds: a collector beside the bridge answers in a millisecond, one that holds
 * senders back in seconds; 30 is the bridge's own limit.
 */
export const EXPORT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1, 2.5, 10, 30]
