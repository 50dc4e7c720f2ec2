import {
  type CollectorSettings,
  DEFAULT_COLLECTOR_SETTINGS,
  DEFAULT_TAIL_SAMPLING,
  JAEGER_BACKEND,
} from '../../../src/install/collector/collector-settings.ts'
import { DEFAULT_REDACTION } from '../../../src/install/collector/redaction-settings.ts'

/** Settings whose configuration is a file of this folder’s `golden/`. */
export const GOLDEN_COLLECTORS: Readonly<Record<string, CollectorSettings>> = {
  defaults: DEFAULT_COLLECTOR_SETTINGS,
  'tail-sampling': { ...DEFAULT_COLLECTOR_SETTINGS, tailSampling: DEFAULT_TAIL_SAMPLING },
  'share-only': { ...DEFAULT_COLLECTOR_SETTINGS, tailSampling: { errors: false, percent: 2.5, waitSeconds: 15 } },
  'own-backend': {
    ...DEFAULT_COLLECTOR_SETTINGS,
    backends: [
      {
        name: 'vendor',
        protocol: 'grpc',
        endpoint: 'otlp.example.com:443',
        tls: {},
        headers: [
          { name: 'x-api-key', secret: { name: 'vendor', key: 'api-key' } },
          { name: 'x-dataset', secret: { name: 'vendor', key: 'dataset' } },
        ],
      },
    ],
  },
  'several-backends': {
    ...DEFAULT_COLLECTOR_SETTINGS,
    memoryMib: 1024,
    backends: [
      JAEGER_BACKEND,
      { name: 'tempo', protocol: 'http', endpoint: 'http://tempo.monitoring:4318', tls: false },
      {
        name: 'own-ca',
        protocol: 'http',
        endpoint: 'https://otel.internal:4318',
        tls: {
          caFile: '/etc/backend/ca.crt',
          certFile: '/etc/backend/tls.crt',
          keyFile: '/etc/backend/tls.key',
          serverName: 'otel',
        },
      },
      { name: 'any-certificate', protocol: 'grpc', endpoint: '[fd00::7]:4317', tls: { insecureSkipVerify: true } },
    ],
  },
  'own-redaction': {
    ...DEFAULT_COLLECTOR_SETTINGS,
    redaction: {
      ...DEFAULT_REDACTION,
      secretNames: [...DEFAULT_REDACTION.secretNames, 'customer'],
      secretValues: [...DEFAULT_REDACTION.secretValues, '\\b[0-9]{4}(?: ?[0-9]{4}){3}$'],
      links: 'keep',
    },
  },
  bare: {
    ...DEFAULT_COLLECTOR_SETTINGS,
    kubernetesAttributes: false,
    redaction: { ...DEFAULT_REDACTION, enabled: false },
  },
}
