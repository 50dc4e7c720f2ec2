import { fixed64, lengthDelimited, varint } from '../wire/tags.ts'

// The fields of OTLP's messages that are written, as numbered by github.com/open-telemetry/opentelemetry-proto, v1.

export const EXPORT_REQUEST = { resourceSpans: lengthDelimited(1) }
export const RESOURCE_SPANS = { resource: lengthDelimited(1), scopeSpans: lengthDelimited(2) }
export const SCOPE_SPANS = { scope: lengthDelimited(1), spans: lengthDelimited(2) }
export const RESOURCE = { attributes: lengthDelimited(1) }
export const SCOPE = { name: lengthDelimited(1), version: lengthDelimited(2) }

export const SPAN = {
  traceId: lengthDelimited(1),
  spanId: lengthDelimited(2),
  traceState: lengthDelimited(3),
  parentSpanId: lengthDelimited(4),
  name: lengthDelimited(5),
  kind: varint(6),
  startTimeUnixNano: fixed64(7),
  endTimeUnixNano: fixed64(8),
  attributes: lengthDelimited(9),
  droppedAttributesCount: varint(10),
  events: lengthDelimited(11),
  droppedEventsCount: varint(12),
  links: lengthDelimited(13),
  droppedLinksCount: varint(14),
  status: lengthDelimited(15),
}
export const EVENT = {
  timeUnixNano: fixed64(1),
  name: lengthDelimited(2),
  attributes: lengthDelimited(3),
  droppedAttributesCount: varint(4),
}
export const LINK = {
  traceId: lengthDelimited(1),
  spanId: lengthDelimited(2),
  traceState: lengthDelimited(3),
  attributes: lengthDelimited(4),
  droppedAttributesCount: varint(5),
}
export const STATUS = { message: lengthDelimited(2), code: varint(3) }

export const KEY_VALUE = { key: lengthDelimited(1), value: lengthDelimited(2) }
export const ANY_VALUE = {
  stringValue: lengthDelimited(1),
  boolValue: varint(2),
  intValue: varint(3),
  doubleValue: fixed64(4),
}

export const SPAN_KIND = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 }
export const STATUS_CODE = { unset: 0, ok: 1, error: 2 }
