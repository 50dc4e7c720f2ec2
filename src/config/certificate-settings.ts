import type { Setting } from './setting.ts'

/** The settings of `serve` that are about certificates; a part of the one table. */
export const CERTIFICATE_SETTINGS = [
  {
    flag: 'certs',
    kind: 'certs',
    placeholder: 'mode',
    default: 'standalone',
    sentence:
      'Where the serving certificate comes from: `standalone` (made in `--cert-dir`, for a developer), `self-managed` (made and renewed in a Secret, with the caBundle of our webhook configurations) or `files` (somebody else’s, in `--cert-dir`).',
    commands: ['serve'],
  },
  {
    flag: 'cert-dir',
    kind: 'path',
    placeholder: 'directory',
    default: '.linkerd-tracing',
    sentence:
      'Directory of `tls.crt` and `tls.key`. In an empty one, or one that it has filled itself, `standalone` makes and remakes a certificate; any other pair is used as it is, and nothing is overwritten. With `--certs files` it is never written to.',
    commands: ['serve'],
  },
  {
    flag: 'cert-poll-interval',
    kind: 'duration',
    placeholder: 'duration',
    // The kubelet brings a changed Secret within about a minute; a change is mostly seen by the watch, at once.
    default: '10s',
    sentence: 'Files: how often to look at the files of certificates where no change was seen by watching them.',
    commands: ['serve'],
  },
  {
    flag: 'ca-lifetime',
    kind: 'duration',
    placeholder: 'duration',
    default: '365d',
    sentence: 'Self-managed: how long a CA is good for, such as `365d`, `12h` or `90s`.',
    commands: ['serve'],
  },
  {
    flag: 'ca-renew-at',
    kind: 'fraction',
    placeholder: 'fraction',
    default: '2/3',
    sentence: 'Self-managed: the part of its lifetime after which a CA is followed by a new one.',
    commands: ['serve'],
  },
  {
    flag: 'serving-lifetime',
    kind: 'duration',
    placeholder: 'duration',
    default: '7d',
    sentence: 'Self-managed: how long a serving certificate is good for.',
    commands: ['serve'],
  },
  {
    flag: 'serving-renew-at',
    kind: 'fraction',
    placeholder: 'fraction',
    default: '1/2',
    sentence: 'Self-managed: the part of its lifetime after which a serving certificate is followed by a new one.',
    commands: ['serve'],
  },
  {
    flag: 'bundle-settle-seconds',
    kind: 'seconds',
    placeholder: 'seconds',
    // Each API server learns of a changed configuration on its own: by its watch within a second, and within a minute
    // even where that watch broke and is begun again.
    default: '60',
    sentence: 'Self-managed: how long after a new CA was seen in the caBundle its first serving certificate is used.',
    commands: ['serve'],
  },
  {
    flag: 'clock-skew',
    kind: 'duration',
    placeholder: 'duration',
    default: '5m',
    sentence:
      'Self-managed: how far the clocks of replicas and API servers may differ; certificates are dated back by it.',
    commands: ['serve'],
  },
  {
    flag: 'client-ca-file',
    kind: 'path',
    placeholder: 'file',
    shownDefault: 'none: whoever can connect is answered',
    sentence:
      'CA certificates of the callers: only who shows a certificate that chains to one of them is answered, others get 401. Read anew when it changes.',
    commands: ['serve'],
  },
  {
    flag: 'client-allowed-names',
    kind: 'text',
    placeholder: 'names',
    shownDefault: 'none: any name that `--client-ca-file` trusts',
    sentence:
      'Names of the callers that are answered, with commas between them: the CN or a SAN of the certificate, exactly. Given empty beside `--client-ca-file` it is refused.',
    commands: ['serve'],
  },
] as const satisfies readonly Setting[]
