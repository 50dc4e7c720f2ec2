import { fixed64, lengthDelimited, varint } from '../wire/tags.ts'

// The fields of OpenCensus's messages that have an equivalent in OTLP, as numbered by
// github.com/census-instrumentation/opencensus-proto, v0.4.1.

export const EXPORT_REQUEST = { node: lengthDelimited(1), spans: lengthDelimited(2), resource: lengthDelimited(3) }

export const NODE = {
  identifier: lengthDelimited(1),
  libraryInfo: lengthDelimited(2),
  serviceInfo: lengthDelimited(3),
  attributes: lengthDelimited(4),
}
export const PROCESS_IDENTIFIER = { hostName: lengthDelimited(1), pid: varint(2), startTimestamp: lengthDelimited(3) }
export const LIBRARY_INFO = {
  language: varint(1),
  exporterVersion: lengthDelimited(2),
  coreLibraryVersion: lengthDelimited(3),
}
export const SERVICE_INFO = { name: lengthDelimited(1) }
export const RESOURCE = { type: lengthDelimited(1), labels: lengthDelimited(2) }

export const SPAN = {
  traceId: lengthDelimited(1),
  spanId: lengthDelimited(2),
  parentSpanId: lengthDelimited(3),
  name: lengthDelimited(4),
  startTime: lengthDelimited(5),
  endTime: lengthDelimited(6),
  attributes: lengthDelimited(7),
  stackTrace: lengthDelimited(8),
  timeEvents: lengthDelimited(9),
  links: lengthDelimited(10),
  status: lengthDelimited(11),
  sameProcessAsParentSpan: lengthDelimited(12),
  childSpanCount: lengthDelimited(13),
  kind: varint(14),
  tracestate: lengthDelimited(15),
  resource: lengthDelimited(16),
}
export const TRACESTATE = { entries: lengthDelimited(1) }
export const STATUS = { code: varint(1), message: lengthDelimited(2) }

export const ATTRIBUTES = { attributeMap: lengthDelimited(1), droppedAttributesCount: varint(2) }
/** An entry of any map. */
export const MAP_ENTRY = { key: lengthDelimited(1), value: lengthDelimited(2) }
export const ATTRIBUTE_VALUE = {
  stringValue: lengthDelimited(1),
  intValue: varint(2),
  boolValue: varint(3),
  doubleValue: fixed64(4),
}

export const TIME_EVENTS = {
  timeEvent: lengthDelimited(1),
  droppedAnnotationsCount: varint(2),
  droppedMessageEventsCount: varint(3),
}
export const TIME_EVENT = { time: lengthDelimited(1), annotation: lengthDelimited(2), messageEvent: lengthDelimited(3) }
export const ANNOTATION = { description: lengthDelimited(1), attributes: lengthDelimited(2) }
export const MESSAGE_EVENT = { type: varint(1), id: varint(2), uncompressedSize: varint(3), compressedSize: varint(4) }

export const LINKS = { link: lengthDelimited(1), droppedLinksCount: varint(2) }
export const LINK = {
  traceId: lengthDelimited(1),
  spanId: lengthDelimited(2),
  type: varint(3),
  attributes: lengthDelimited(4),
  tracestate: lengthDelimited(5),
}

export const STACK_TRACE = { stackFrames: lengthDelimited(1), stackTraceHashId: varint(2) }
export const STACK_FRAMES = { frame: lengthDelimited(1), droppedFramesCount: varint(2) }
export const STACK_FRAME = {
  functionName: lengthDelimited(1),
  originalFunctionName: lengthDelimited(2),
  fileName: lengthDelimited(3),
  lineNumber: varint(4),
  columnNumber: varint(5),
  loadModule: lengthDelimited(6),
  sourceVersion: lengthDelimited(7),
}
export const MODULE = { module: lengthDelimited(1) }

export const TIMESTAMP = { seconds: varint(1), nanos: varint(2) }
/** Text that may have been cut; how much was cut has no place in OTLP. */
export const TRUNCATABLE_STRING = { value: lengthDelimited(1) }
/** google.protobuf's BoolValue and UInt32Value. */
export const WRAPPER = { value: varint(1) }
