import { open, type FileHandle } from 'node:fs/promises'
import { codeOf } from '../../../src/problems/thrown.ts'
import { IncompleteSource, type IncompleteReason } from '../connector.ts'

/** A file as it was when it was opened: one that is put in its place later does not mix with it. */
export interface OpenFile {
  /** From the beginning, each time it is asked. */
  chunks(signal?: AbortSignal): AsyncIterable<Buffer>
  /** Throws IncompleteSource when somebody wrote it meanwhile. */
  checkUnchanged(): Promise<void>
  close(): Promise<void>
}

const CHUNK = 65_536

/** Throws IncompleteSource when it cannot be read. */
export async function openFile(path: string): Promise<OpenFile> {
  const file = await told(path, open(path, 'r'))
  const before = await told(path, file.stat())
  return {
    chunks: (signal) => chunksOf(path, file, signal),
    async checkUnchanged() {
      const { size, mtimeMs } = await told(path, file.stat())
      if (size !== before.size || mtimeMs !== before.mtimeMs)
        throw new IncompleteSource('truncated', 'the file was written while it was read')
    },
    close: () => file.close(),
  }
}

async function* chunksOf(path: string, file: FileHandle, signal?: AbortSignal): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    signal?.throwIfAborted()
    const { bytesRead, buffer } = await told(path, file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position))
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

const reasons: Readonly<Record<string, IncompleteReason>> = {
  ENOENT: 'unreachable',
  ENOTDIR: 'unreachable',
  EACCES: 'refused',
  EPERM: 'refused',
  EISDIR: 'refused',
}

async function told<T>(path: string, act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    const code = codeOf(error)
    throw new IncompleteSource(reasons[code] ?? 'lost', `${path} cannot be read (${code})`, { cause: error })
  }
}
