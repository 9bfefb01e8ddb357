import { isMap, type ApiObject, apiObject } from './api-object.ts'

/** The envelope of Kubernetes begins so; then follows runtime.Unknown: 1 TypeMeta, 2 the object. */
const magic = Buffer.from('k8s\0')

export function isProtobuf(body: Buffer): boolean {
  return body.subarray(0, magic.length).equals(magic)
}

type Message = ReadonlyMap<number, readonly Buffer[]>

/**
 * The Go client writes the kinds that it has types for as protobuf, and takes JSON back. Of those, helm and kubectl write Secrets, ConfigMaps and
 * Namespaces; another kind is an error. Field numbers: generated.proto of k8s.io/api/core/v1 and apimachinery/meta/v1.
 */
export function decodeProtobuf(body: Buffer): ApiObject {
  const envelope = message(body.subarray(magic.length))
  const type = inner(envelope, 1)
  const object = inner(envelope, 2)
  const apiVersion = text(type, 1)
  const kind = text(type, 2)
  if (kind === 'DeleteOptions') return apiObject.parse({ apiVersion, kind, metadata: {} })
  const meta = inner(object, 1)
  const metadata = withoutUndefined({
    name: text(meta, 1),
    namespace: text(meta, 3),
    uid: text(meta, 5),
    resourceVersion: text(meta, 6),
    labels: texts(meta, 11, 'utf8'),
    annotations: texts(meta, 12, 'utf8'),
  })
  return apiObject.parse({ apiVersion, kind, metadata, ...contentOf(kind, object) })
}

function contentOf(kind: string | undefined, object: Message): object {
  if (kind === 'Secret') return withoutUndefined({ data: texts(object, 2, 'base64'), type: text(object, 3) })
  if (kind === 'ConfigMap') return withoutUndefined({ data: texts(object, 2, 'utf8') })
  if (kind === 'Namespace') return {}
  throw new Error(`this double reads no protobuf of ${kind}`)
}

/** Fields with a length (wire type 2) by number; numbers are skipped: nothing that we read is one. */
function message(bytes: Buffer): Message {
  const fields = new Map<number, Buffer[]>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('protobuf ends within a number')
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const wireType = tag % 8
    if (wireType === 0) varint()
    else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else {
      const length = varint()
      const number = Math.floor(tag / 8)
      fields.set(number, [...(fields.get(number) ?? []), bytes.subarray(at, at + length)])
      at += length
    }
  }
  return fields
}

function inner(from: Message, number: number): Message {
  return message(from.get(number)?.[0] ?? Buffer.alloc(0))
}

function text(from: Message, number: number): string | undefined {
  const value = from.get(number)?.[0]?.toString()
  return value === '' ? undefined : value
}

/** A map field: each entry is a message of its own, 1 the key and 2 the value. */
function texts(
  from: Message,
  number: number,
  encoding: 'utf8' | 'base64',
): Record<string, string> | undefined {
  const entries = from.get(number)?.map((bytes) => {
    const entry = message(bytes)
    return [text(entry, 1) ?? '', entry.get(2)?.[0]?.toString(encoding) ?? '']
  })
  return entries === undefined ? undefined : Object.fromEntries(entries)
}

function withoutUndefined(map: object): object {
  return isMap(map) ? Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) : map
}
