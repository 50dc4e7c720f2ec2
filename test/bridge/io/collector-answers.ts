import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** An encoded ExportTraceServiceResponse. */
export function partialSuccess(rejectedSpans: number, message: string): Uint8Array {
  const inner = new BinaryWriter()
    .tag(1, WireType.Varint)
    .int64(rejectedSpans)
    .tag(2, WireType.LengthDelimited)
    .string(message)
    .finish()
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(inner).finish()
}

interface Detail {
  readonly type: string
  readonly value: Uint8Array | undefined
}

/** The detail of an error that asks for a pause. */
export function retryInfo(seconds: number, nanos: number): Detail {
  const duration = new BinaryWriter()
    .tag(1, WireType.Varint)
    .int64(seconds)
    .tag(2, WireType.Varint)
    .int32(nanos)
    .finish()
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(duration).finish()
  return { type: 'type.googleapis.com/google.rpc.RetryInfo', value }
}

/** An encoded google.rpc.Status with these details. */
export function statusDetails(...details: readonly Detail[]): Buffer {
  const writer = new BinaryWriter().tag(1, WireType.Varint).int32(8)
  for (const { type, value } of details) {
    const any = new BinaryWriter().tag(1, WireType.LengthDelimited).string(type)
    if (value) any.tag(2, WireType.LengthDelimited).bytes(value)
    writer.tag(3, WireType.LengthDelimited).bytes(any.finish())
  }
  return Buffer.from(writer.finish())
}
