import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { FolderInUse } from '../../../src/directory/embedded/folder-lock.ts'
import {
  type EmbeddedDirectory,
  serveEmbeddedDirectory,
} from '../../../src/directory/embedded/serve-embedded-directory.ts'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { app, bindCode, dnOf, makeSeed, person, suffix } from './peers.ts'

async function folderWith(seed: string): Promise<{ ldif: string; dataDir: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-data-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'seed.ldif'), seed)
  return { ldif: join(folder, 'seed.ldif'), dataDir: join(folder, 'data') }
}

type Folder = Awaited<ReturnType<typeof folderWith>>

const serve = (folder: Folder, compactAbove?: number): Promise<EmbeddedDirectory> =>
  serveEmbeddedDirectory({
    ...folder,
    port: 0,
    writers: [app.dn],
    ...(compactAbove !== undefined && { compactAbove }),
  })

async function serveAlone(folder: Folder): Promise<{ process: ChildProcess; said: string }> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./serve-until-killed.ts', import.meta.url)), folder.ldif, folder.dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said] = await once(createInterface({ input: child.stdout }), 'line')
  return { process: child, said: String(said) }
}

async function withApp<T>(url: string, act: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect({ url, bind: app })
  try {
    return await act(connection)
  } finally {
    connection.unbind()
  }
}

const logins = (url: string): Promise<string[]> =>
  withApp(url, async (connection) => {
    const { entries } = await connection.searchAll({ base: suffix, attributes: ['uid'] })
    return entries.flatMap((entry) => text(entry, 'uid')).toSorted()
  })

/** Every value of every entry, in an order that does not depend on the server. */
async function dump(connection: Connection): Promise<string[]> {
  const { entries } = await connection.searchAll({ base: suffix, attributes: ['*', '+'] })
  return entries
    .flatMap(({ dn, attributes }) =>
      [...attributes.values()].flatMap(({ name, values }) =>
        values.map((value) => `${dn} ${name}: ${value.toString('latin1')}`),
      ),
    )
    .toSorted()
}

test('what was changed is there after a restart, as it was', async () => {
  const folder = await folderWith(makeSeed({ ann: {}, ben: {}, cat: {} }))
  const before = await serve(folder)
  const photo = Buffer.from([0, 0xff, 0x0a, 0x23])
  const shown = await withApp(before.url, async (connection) => {
    await connection.add(
      dnOf('new'),
      Object.fromEntries(Object.entries(person('new')).map(([name, value]) => [name, [value]])),
    )
    await connection.modify(dnOf('new'), [{ operation: 'replace', attribute: 'jpegPhoto', values: [photo] }])
    await connection.modify(dnOf('ann'), [
      { operation: 'replace', attribute: 'description', values: ['é\n# end\n\n', ' x'] },
    ])
    await connection.modifyDn(dnOf('ben'), { newRdn: 'uid=benjamin' })
    await connection.delete(dnOf('cat'))
    await connection.passwordModify({ user: dnOf('ann'), newPassword: 'a new password' })
    return await dump(connection)
  })
  await before.close()
  const after = await serve(folder)
  expect(await bindCode({ name: '', url: after.url, stop: after.close }, dnOf('ann'), 'a new password')).toBe(
    '0',
  )
  expect(await withApp(after.url, dump)).toEqual(shown)
  await after.close()
})

// Three processes start one after the other.
test(
  'a process that is killed has kept all that it confirmed, through several rewritings of its files',
  { timeout: 30_000 },
  async () => {
    const folder = await folderWith(makeSeed({ ann: {} }))
    const confirmed: string[] = ['ann']
    for (const round of [1, 2]) {
      const { process: child, said: url } = await serveAlone(folder)
      expect(await logins(url)).toEqual(expect.arrayContaining(confirmed))
      const exit = once(child, 'exit')
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        const connection = await connect({ url, bind: app })
        for (let at = 0; ; at++) {
          const uid = `u${round}-${writer}-${at}`
          await connection.add(dnOf(uid), { objectClass: ['account'], uid: [uid] })
          confirmed.push(uid)
          if (confirmed.length === 1 + round * 100) child.kill('SIGKILL')
        }
      })
      await Promise.allSettled(writers)
      await exit
    }
    const { said: url } = await serveAlone(folder)
    const kept = await logins(url)
    expect(confirmed.filter((uid) => !kept.includes(uid))).toEqual([])
    // The four writes that were on their way may be there or not.
    expect(kept.length - confirmed.length).toBeLessThanOrEqual(2 * 4)
    expect((await readdir(folder.dataDir)).filter((name) => name.endsWith('.ldif'))).toHaveLength(2)
  },
)

test('a change that a crash cut off is not there, and what follows is read again', async () => {
  const folder = await folderWith(makeSeed({ ann: {} }))
  const { process: child, said: url } = await serveAlone(folder)
  await withApp(url, (connection) => connection.add(dnOf('ben'), { objectClass: ['account'], uid: ['ben'] }))
  child.kill('SIGKILL')
  await once(child, 'exit')
  await appendFile(
    join(folder.dataDir, 'journal-1.ldif'),
    `dn: ${dnOf('ann')}\nchangetype: delete\n\ndn: ${dnOf('ben')}\nchange`,
  )
  const again = await serve(folder)
  expect(await logins(again.url)).toEqual(['ann', 'ben'])
  await withApp(again.url, (connection) =>
    connection.add(dnOf('cat'), { objectClass: ['account'], uid: ['cat'] }),
  )
  await again.close()
  const last = await serve(folder)
  expect(await logins(last.url)).toEqual(['ann', 'ben', 'cat'])
  await last.close()
})

test('a second process on the same data is refused and told by whom', async () => {
  const folder = await folderWith(makeSeed({ ann: {} }))
  const first = await serve(folder)
  await expect(serve(folder)).rejects.toThrow(FolderInUse)
  const { said } = await serveAlone(folder)
  expect(said).toContain(`already in use by process ${process.pid}`)
  expect(await logins(first.url)).toEqual(['ann'])
  await first.close()
  const next = await serveAlone(folder)
  expect(await logins(next.said)).toEqual(['ann'])
})

test('the number of a process that is gone locks nobody out, even when another process has it now', async () => {
  const folder = await folderWith(makeSeed({ ann: {} }))
  await (await serve(folder)).close()
  await writeFile(join(folder.dataDir, 'lock'), `${process.pid} 1`)
  const again = await serve(folder)
  expect(await logins(again.url)).toEqual(['ann'])
  await again.close()
})

test('a port that is taken is an error, and leaves the data to others', async () => {
  const folder = await folderWith(makeSeed({ ann: {} }))
  const other = await folderWith(makeSeed({ ben: {} }))
  const first = await serve(folder)
  const taken = serveEmbeddedDirectory({ ...other, port: first.port, writers: [] })
  await expect(taken).rejects.toThrow('EADDRINUSE')
  await (await serve(other)).close()
  await first.close()
})

test('the seed counts at the first start only', async () => {
  const folder = await folderWith(makeSeed({ ann: {} }))
  await (await serve(folder)).close()
  await writeFile(folder.ldif, makeSeed({ ben: {} }))
  const again = await serve(folder)
  expect(await logins(again.url)).toEqual(['ann'])
  await again.close()
})

test.each([
  ['dn: dc=example\nno colon here\n', 'line 2'],
  ['dn: dc=example\ndc: example\n\ndn: DC=Example\ndc: example\n', 'line 4: an entry of this name'],
  ['dn: cn=a,ou=x,dc=example\ncn: a\n\ndn: dc=example\ndc: example\n', 'line 1: the entry above'],
  ['dn: dc=example\nchangetype: delete\n', 'line 1: a change'],
])('the seed %j is an error that says where', async (seed, message) => {
  await expect(folderWith(seed).then((folder) => serve(folder))).rejects.toThrow(message)
})

test('a seed may have its entries in any order', async () => {
  const entries = makeSeed({ ann: {}, ben: {} }).split('\n\n')
  const shuffled = await serve(await folderWith(`${entries.toReversed().join('\n\n')}\n`))
  expect(await logins(shuffled.url)).toEqual(['ann', 'ben'])
  await shuffled.close()
})
