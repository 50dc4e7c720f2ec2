/**
 * Every metric of our own, once: what it is called, what it says, by which labels. The default process metrics of
 * prom-client (`process_*`, `nodejs_*`) come beside them.
 */
export const METRICS = {
  decisions: {
    name: 'linkerd_tracing_decisions_total',
    help: 'Pod reviews answered, by outcome, reason (empty when the Pod was not skipped) and whether it was a dry run.',
    labels: ['outcome', 'reason', 'dry_run'],
  },
  repeatedDecisions: {
    name: 'linkerd_tracing_repeated_decisions_total',
    help: 'Of these reviews those that were answered as another Pod of the same template had been.',
    labels: [],
  },
  requestDuration: {
    name: 'linkerd_tracing_request_duration_seconds',
    help: 'Time from the headers of a request to /mutate to the end of its answer, in seconds.',
    labels: [],
  },
  requestsInFlight: {
    name: 'linkerd_tracing_requests_in_flight',
    help: 'Requests to /mutate that are not answered yet.',
    labels: [],
  },
  badRequests: {
    name: 'linkerd_tracing_bad_requests_total',
    help: 'Requests that were no Pod review, by the status they were answered with.',
    labels: ['status'],
  },
  closedConnections: {
    name: 'linkerd_tracing_connections_closed_total',
    help: 'Connections that were closed because there were as many as there may be, or as many without a request.',
    labels: ['reason'],
  },
  certificateExpiry: {
    name: 'linkerd_tracing_certificate_expiry_timestamp_seconds',
    help: 'When the serving certificate ends, in seconds since 1970.',
    labels: [],
  },
  certificateReloadFailures: {
    name: 'linkerd_tracing_certificate_reload_failures_total',
    help: 'Times that changed files of certificates could not be used, and the last good ones stayed.',
    labels: ['files'],
  },
  certificateReload: {
    name: 'linkerd_tracing_certificate_last_reload_timestamp_seconds',
    help: 'When files of certificates were last taken into use, in seconds since 1970.',
    labels: ['files'],
  },
  caExpiry: {
    name: 'linkerd_tracing_ca_expiry_timestamp_seconds',
    help: 'Self-managed: when the CA of the serving certificate ends, in seconds since 1970.',
    labels: [],
  },
  certificateChanges: {
    name: 'linkerd_tracing_certificate_changes_total',
    help: 'Self-managed: changes of the certificates’ Secret that this replica set out to make, by change and how that ended.',
    labels: ['change', 'result'],
  },
  certificateSecretMissing: {
    name: 'linkerd_tracing_certificate_secret_missing',
    help: 'Self-managed: 1 while the certificates’ Secret is not there.',
    labels: [],
  },
  certificateRenewalStuck: {
    name: 'linkerd_tracing_certificate_renewal_stuck',
    help: 'Self-managed: 1 while something keeps certificates from being renewed, by reason.',
    labels: ['reason'],
  },
  caBundlePatches: {
    name: 'linkerd_tracing_ca_bundle_patches_total',
    help: 'Self-managed: patches of our entries’ caBundle, by how that ended.',
    labels: ['result'],
  },
  caBundleResets: {
    name: 'linkerd_tracing_ca_bundle_resets_total',
    help: 'Self-managed: times that somebody else had changed a caBundle of ours that was right.',
    labels: [],
  },
  namespaces: {
    name: 'linkerd_tracing_namespaces',
    help: 'Namespaces that are known from the watch.',
    labels: [],
  },
  namespaceLastEvent: {
    name: 'linkerd_tracing_namespace_last_event_timestamp_seconds',
    help: 'When the watch of Namespaces last showed that it lives (about every minute), in seconds since 1970; 0: never.',
    labels: [],
  },
  namespaceWatchRestarts: {
    name: 'linkerd_tracing_namespace_watch_restarts_total',
    help: 'Times that the watch of Namespaces began again, by what ended it; `closed` is ordinary.',
    labels: ['cause'],
  },
  namespaceGets: {
    name: 'linkerd_tracing_namespace_gets_total',
    help: 'Namespaces that the watch had not shown yet and that were read for a Pod, by how that ended.',
    labels: ['result'],
  },
  forwardBundlePatches: {
    name: 'linkerd_tracing_forward_bundle_patches_total',
    help: 'Patches that set the forward entry’s caBundle to Linkerd’s, by how that ended.',
    labels: ['result'],
  },
} as const

/**
 * Upper bounds of the request duration, in seconds. An answer for a Pod of 8 to 272 KB takes 0.1 to a few ms, so the
 * lower half resolves that; 0.5 is the bound on a Namespace's GET, 3 the API server's timeout (the configurations’ timeoutSeconds),
 * 10 the server's own limit of a request.
 */
export const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10]
