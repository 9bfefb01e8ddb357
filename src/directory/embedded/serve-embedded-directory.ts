import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { first } from '../../ldap/entry.ts'
import { parseDn } from '../../ldap/dn.ts'
import { DEFAULT_SCHEMA } from '../../ldap/schema.ts'
import { Connection } from './connection.ts'
import { openDataFolder } from './data-folder.ts'
import type { DrawnAttribute } from './drawn-attribute.ts'
import { Tree, walk } from './tree.ts'

export type EmbeddedDirectoryOptions = {
  /** The LDIF file of the first start. Later starts read the data folder. */
  ldif: string
  dataDir: string
  /** Default 1389; 0 takes any free one. */
  port?: number
  /** DNs of the service accounts that may read and write everything. */
  writers: readonly string[]
  /** DN of the password policy of entries that name none; default: the only pwdPolicy entry, if there is one. */
  defaultPolicy?: string
  /** Most entries that a search without paging gives to ordinary users; default 1000. */
  sizeLimit?: number
  clock?: () => Date
  /** An attribute whose value is made when asked for. */
  drawn?: DrawnAttribute
  /** Told of errors that are no client's fault. */
  log?: (error: unknown) => void
  /** Bytes of changes after which the whole directory is written anew; default 4 MiB. */
  compactAbove?: number
}

export type EmbeddedDirectory = { readonly port: number; readonly url: string; close(): Promise<void> }

/**
 * Serves a small LDAP directory on loopback: for the demo and for developing, not for a network. What was changed is in
 * `dataDir`, also after a crash. Throws FolderInUse when another process has that folder.
 */
export async function serveEmbeddedDirectory(options: EmbeddedDirectoryOptions): Promise<EmbeddedDirectory> {
  const {
    ldif: seed,
    dataDir: folder,
    port = 1389,
    clock = () => new Date(),
    log = () => undefined,
  } = options
  const tree = new Tree(DEFAULT_SCHEMA, options.drawn)
  const data = await openDataFolder(tree, {
    folder,
    seed,
    clock,
    compactAbove: options.compactAbove ?? 4 << 20,
  })
  const keyOf = (dn: string) => tree.keyOf(parseDn(dn))
  const state = {
    tree,
    commit: data.commit,
    writers: new Set(options.writers.map(keyOf)),
    defaultPolicy: options.defaultPolicy === undefined ? onlyPolicy(tree) : keyOf(options.defaultPolicy),
    sizeLimit: options.sizeLimit ?? 1000,
    clock,
  }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    return new Connection(socket, state, log)
  })
  try {
    const bound = await listen(server, port, log)
    const close = async (): Promise<void> => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      await data.close()
    }
    return { port: bound, url: `ldap://127.0.0.1:${bound}`, close }
  } catch (error) {
    await data.close()
    throw error
  }
}

async function listen(server: Server, port: number, log: (error: unknown) => void): Promise<number> {
  server.maxConnections = 1000
  server.listen({ host: '127.0.0.1', port })
  await once(server, 'listening')
  // No more file descriptors, say: without a listener the process would end.
  server.on('error', log)
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

function onlyPolicy(tree: Tree): string {
  const policies = [...tree.roots]
    .flatMap((root) => [...walk(root, 'sub')])
    .filter(({ entry }) => first(entry, 'pwdAttribute') !== undefined)
  return policies.length === 1 ? (policies[0]?.key ?? '') : ''
}
