/** Who serves what in the made shop, where it runs, and whom it asks for it. */
export interface ShopService {
  readonly name: string
  readonly namespace: string
  /** Nodes of its Pods, one Pod each. */
  readonly nodes: readonly string[]
  readonly proxy: 'opentelemetry' | 'opencensus' | 'none'
  /**
   * Whether the application makes spans of its own; else it only hands the headers on. `joined`: as Zipkin’s libraries do
   * with B3, its server span has the id of its caller’s client span.
   */
  readonly application: 'traced' | 'joined' | 'silent'
  readonly routes: Readonly<Record<string, ShopRoute>>
}

export interface ShopRoute {
  /** What the application itself works, in microseconds, at the median. */
  readonly workUs: number
  readonly calls: ReadonlyArray<{ readonly service: string; readonly route: string }>
  readonly areParallel?: boolean
  /** How many of a thousand answers are 500 and 503; a 503 is retried by the caller’s proxy. */
  readonly failing?: number
  readonly unavailable?: number
}

/** Of a path such as `/items/{n}` each request has a number of its own. */
export const SHOP_SERVICES: readonly ShopService[] = [
  {
    name: 'web',
    namespace: 'shop',
    nodes: ['node-a', 'node-b'],
    proxy: 'opentelemetry',
    application: 'traced',
    routes: {
      '/': { workUs: 900, calls: [{ service: 'catalog', route: '/items' }] },
      '/cart/{n}': { workUs: 700, calls: [{ service: 'cart', route: '/cart/{n}' }], failing: 10 },
      '/checkout': {
        workUs: 1_500,
        calls: [
          { service: 'cart', route: '/cart/{n}' },
          { service: 'payment', route: '/pay' },
        ],
      },
    },
  },
  {
    name: 'cart',
    namespace: 'shop',
    nodes: ['node-b', 'node-c'],
    proxy: 'opentelemetry',
    application: 'silent',
    routes: {
      '/cart/{n}': {
        workUs: 600,
        calls: [
          { service: 'catalog', route: '/items/{n}' },
          { service: 'catalog', route: '/items/{n}' },
        ],
        areParallel: true,
      },
    },
  },
  {
    name: 'catalog',
    namespace: 'shop',
    nodes: ['node-a', 'node-c'],
    proxy: 'opentelemetry',
    application: 'silent',
    routes: {
      '/items': { workUs: 2_500, calls: [{ service: 'stock', route: '/stock' }], failing: 5 },
      '/items/{n}': { workUs: 400, calls: [], failing: 20 },
    },
  },
  {
    name: 'payment',
    namespace: 'pay',
    nodes: ['node-c'],
    proxy: 'opentelemetry',
    application: 'joined',
    routes: {
      '/pay': {
        workUs: 8_000,
        calls: [{ service: 'ledger', route: '/book' }],
        failing: 10,
        unavailable: 250,
      },
    },
  },
  {
    // Its proxy is older than OTLP, and so names neither its Pod nor its container, and every service alike.
    name: 'ledger',
    namespace: 'pay',
    nodes: ['node-b'],
    proxy: 'opencensus',
    application: 'silent',
    routes: { '/book': { workUs: 3_000, calls: [] } },
  },
  {
    name: 'stock',
    namespace: 'shop',
    nodes: ['node-b'],
    proxy: 'none',
    application: 'traced',
    routes: { '/stock': { workUs: 1_200, calls: [] } },
  },
  {
    // Another Namespace has a service of the same name.
    name: 'web',
    namespace: 'staging',
    nodes: ['node-a'],
    proxy: 'opentelemetry',
    application: 'silent',
    routes: { '/': { workUs: 20_000, calls: [] } },
  },
]

/** How often which request comes from outside. */
export const SHOP_REQUESTS: ReadonlyArray<{
  readonly weight: number
  readonly namespace: string
  readonly route: string
}> = [
  { weight: 50, namespace: 'shop', route: '/' },
  { weight: 30, namespace: 'shop', route: '/cart/{n}' },
  { weight: 15, namespace: 'shop', route: '/checkout' },
  { weight: 5, namespace: 'staging', route: '/' },
]

/** Takes a name, and a Namespace where it matters, gives the service. */
export function shopService(name: string, namespace?: string): ShopService {
  const found = SHOP_SERVICES.find((one) => one.name === name && (namespace ?? one.namespace) === one.namespace)
  if (found === undefined) throw new Error(`The shop has no service ${name}.`)
  return found
}
