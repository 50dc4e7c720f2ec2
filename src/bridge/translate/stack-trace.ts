import { MODULE, STACK_FRAME, STACK_FRAMES, STACK_TRACE, TRUNCATABLE_STRING } from '../opencensus/tags.ts'
import { attributeName, copyIntAttribute, writeTextAttribute } from '../otlp/named-attribute.ts'
import { SPAN } from '../otlp/tags.ts'
import { MessageView } from '../wire/message-view.ts'
import type { Transcription } from './transcription.ts'

/** By OpenTelemetry's semantic conventions for code. */
const STACKTRACE = attributeName(SPAN.attributes, 'code.stacktrace')
/** Under which other spans of the trace refer to a stack trace that is sent once. */
const HASH_ID = attributeName(SPAN.attributes, 'opencensus.stack_trace_hash_id')

/** A text is made of each: of a message's two million empty frames they would take all memory before no batch fits them. */
const MAX_FRAMES = 1000

/** Writes the current StackTrace as attributes of the span that is open. */
export function copyStackTrace({ cursor, writer }: Transcription): void {
  const trace = new MessageView(cursor)
  const frames = trace.message(STACK_TRACE.stackFrames)
  const lines = frames.messages(STACK_FRAMES.frame, MAX_FRAMES).map(frameLine)
  const left = frames.count(STACK_FRAMES.frame) - lines.length
  const dropped = Math.max(0, frames.integer(STACK_FRAMES.droppedFramesCount)) + left
  if (dropped > 0) lines.push(`... ${dropped} more`)
  if (lines.length > 0) writeTextAttribute(writer, STACKTRACE, lines.join('\n'))
  if (trace.has(STACK_TRACE.stackTraceHashId)) copyIntAttribute(writer, HASH_ID, cursor)
}

/** `function (file:line:column) [module]`, of what is known. */
function frameLine(frame: MessageView): string {
  const textOf = (tag: number) => frame.message(tag).text(TRUNCATABLE_STRING.value)
  const name = textOf(STACK_FRAME.functionName) || textOf(STACK_FRAME.originalFunctionName) || '<unknown>'
  const numbers = [STACK_FRAME.lineNumber, STACK_FRAME.columnNumber].map((tag) => frame.integer(tag) || '')
  const place = [textOf(STACK_FRAME.fileName), ...numbers].filter((part) => part !== '').join(':')
  const module = frame.message(STACK_FRAME.loadModule).message(MODULE.module).text(TRUNCATABLE_STRING.value)
  return `${name}${place === '' ? '' : ` (${place})`}${module === '' ? '' : ` [${module}]`}`
}
