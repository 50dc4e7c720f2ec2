/** What the parts that talk to the API server need of a log; pino's loggers fit. */
export interface ClusterLog {
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly debug: (fields: object, message: string) => void
}
