import { isAscii } from 'node:buffer'

export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252'

/**
 * How a text file is encoded: as its byte order mark says; UTF-8 when what is not ASCII mostly reads as that (a few wrong bytes do not make
 * 20,000 names wrong); else Windows-1252, in which accents hardly ever look like UTF-8. Reads all of it: the first accent may be far down.
 */
export async function detectEncoding(chunks: AsyncIterable<Buffer>): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8')
  let isFirst = true
  let good = 0
  let wrong = 0
  for await (const chunk of chunks) {
    const marked = isFirst ? byteOrderMark(chunk) : undefined
    if (marked !== undefined) return marked
    isFirst = false
    const text = decoder.decode(chunk, { stream: true })
    if (isAscii(chunk)) continue
    wrong += text.match(/\uFFFD/g)?.length ?? 0
    good += text.match(/[\u0080-\uFFFC]/g)?.length ?? 0
  }
  return wrong > good ? 'windows-1252' : 'utf-8'
}

/** The encoding that the byte order mark says, or else this one. */
export async function encodingOf(
  chunks: AsyncIterable<Buffer>,
  otherwise: 'utf-8' | 'windows-1252',
): Promise<Encoding> {
  for await (const chunk of chunks) return byteOrderMark(chunk) ?? otherwise
  return otherwise
}

/** Text without byte order mark. What is not of the encoding becomes U+FFFD. */
export async function* decodeText(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

function byteOrderMark(start: Buffer): Encoding | undefined {
  if (start.subarray(0, 3).equals(Buffer.from('EFBBBF', 'hex'))) return 'utf-8'
  if (start.subarray(0, 2).equals(Buffer.from('FFFE', 'hex'))) return 'utf-16le'
  return undefined
}
