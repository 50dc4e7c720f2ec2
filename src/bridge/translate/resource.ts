import { formatTimestamp } from '../opencensus/format-timestamp.ts'
import {
  RESOURCE as CENSUS_RESOURCE,
  LIBRARY_INFO,
  NODE,
  PROCESS_IDENTIFIER,
  SERVICE_INFO,
} from '../opencensus/tags.ts'
import { ANY_VALUE, KEY_VALUE, RESOURCE } from '../otlp/tags.ts'
import { MessageView } from '../wire/message-view.ts'
import { MessageWriter } from '../wire/message-writer.ts'

/**
 * Every batch carries its resource: without a limit one small span after a huge Node would become a huge batch. What it
 * is made of has the same limit, as much of that may be fields that nobody knows: it is kept for each stream, and read
 * again for each Resource of a span.
 */
export const MAX_RESOURCE_BYTES = 64 * 1024

/** LibraryInfo.Language in the words of OpenTelemetry's `telemetry.sdk.language`. */
const LANGUAGES = ['', 'cpp', 'dotnet', 'erlang', 'go', 'java', 'nodejs', 'php', 'python', 'ruby', 'webjs']

/** Labels of OpenCensus that have another name in OpenTelemetry's conventions. */
const RENAMED_LABELS = new Map([['cloud.zone', 'cloud.availability_zone']])

/** Text, or the number of a process. */
type Attributes = Map<string, string | number>

/**
 * Takes an encoded Node and an encoded Resource of OpenCensus, empty where there is none; gives OTLP's encoded Resource.
 * Where both have an attribute the Node's counts, and a field of its own counts before both, as in OpenTelemetry
 * Collector's OpenCensus translator, whose names these are. Undefined when they or the result are above
 * MAX_RESOURCE_BYTES.
 * @throws InvalidExportError when they are no such messages
 */
export function translateResource(node: Uint8Array, resource: Uint8Array): Uint8Array | undefined {
  if (node.length + resource.length > MAX_RESOURCE_BYTES) return undefined
  const census = { node: MessageView.of(node), resource: MessageView.of(resource) }
  const writer = new MessageWriter(node.length + resource.length + 256)
  for (const [name, value] of resourceAttributes(census)) writeAttribute(writer, name, value)
  return writer.length > MAX_RESOURCE_BYTES ? undefined : writer.written().slice()
}

function resourceAttributes({ node, resource }: { node: MessageView; resource: MessageView }): Attributes {
  const identifier = node.message(NODE.identifier)
  const library = node.message(NODE.libraryInfo)
  const start = identifier.message(PROCESS_IDENTIFIER.startTimestamp)
  const fields: [string, string | number][] = [
    ['service.name', node.message(NODE.serviceInfo).text(SERVICE_INFO.name)],
    ['opencensus.starttime', identifier.has(PROCESS_IDENTIFIER.startTimestamp) ? formatTimestamp(start) : ''],
    ['host.name', identifier.text(PROCESS_IDENTIFIER.hostName)],
    ['process.pid', identifier.integer(PROCESS_IDENTIFIER.pid)],
    ['telemetry.sdk.version', library.text(LIBRARY_INFO.coreLibraryVersion)],
    ['opencensus.exporterversion', library.text(LIBRARY_INFO.exporterVersion)],
    ['telemetry.sdk.language', LANGUAGES[library.integer(LIBRARY_INFO.language)] ?? ''],
    ['opencensus.resourcetype', resource.text(CENSUS_RESOURCE.type)],
  ]
  return new Map([
    ...resource
      .entries(CENSUS_RESOURCE.labels)
      .map(([name, value]) => [RENAMED_LABELS.get(name) ?? name, value] as const),
    ...node.entries(NODE.attributes),
    ...fields.filter(([, value]) => value !== '' && value !== 0),
  ])
}

function writeAttribute(writer: MessageWriter, name: string, value: string | number): void {
  const pair = writer.open(RESOURCE.attributes)
  writer.byte(KEY_VALUE.key)
  writer.sized(encode(name))
  const any = writer.open(KEY_VALUE.value)
  if (typeof value === 'number') {
    writer.field(ANY_VALUE.intValue, value)
  } else {
    writer.byte(ANY_VALUE.stringValue)
    writer.sized(encode(value))
  }
  writer.close(any)
  writer.close(pair)
}

const encode = (text: string) => new TextEncoder().encode(text)
