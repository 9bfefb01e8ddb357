import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createCatchingTransport, caughtMails } from '../../src/mail/caught-mail.ts'
import { composeMail } from '../../src/mail/compose-mail.ts'
import { createMailCounts } from '../../src/mail/mail-counts.ts'
import { MailRefused, type Mail } from '../../src/mail/mail-transport.ts'
import { sendMail } from '../../src/mail/send-mail.ts'
import { createSmtpTransport } from '../../src/mail/smtp-transport.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import { freePort } from '../support/free-port.ts'
import { testDatabase } from '../support/postgres.ts'
import { makeTlsFiles } from '../support/tls-files.ts'

type Received = { to: string[]; message: string; secure: boolean }

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

type ServerOptions = { status?: number; password?: string; tls?: { cert: Buffer; key: Buffer } }

/** A mail server that takes everything, but refuses who is called `refuse` with `status`. */
async function startMailServer({ status = 550, password, tls }: ServerOptions = {}) {
  const received: Received[] = []
  const server = new SMTPServer({
    ...tls,
    hideSTARTTLS: tls === undefined,
    allowInsecureAuth: true,
    authOptional: password === undefined,
    onAuth(auth, _session, done) {
      if (auth.password === password) done(null, { user: auth.username ?? '' })
      else done(new Error('wrong password'))
    },
    onRcptTo({ address }, _session, done) {
      const refusal = Object.assign(new Error(`no ${address} here`), { responseCode: status })
      done(address.startsWith('refuse') ? refusal : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        received.push({ to, message: Buffer.concat(chunks).toString(), secure: session.secure })
        done()
      })
    },
    logger: false,
  })
  server.on('error', () => {}) // clients hang up in the middle
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  cleanUps.push(() => new Promise((resolve) => server.close(() => resolve())))
  return { received, url: `smtp://127.0.0.1:${port}`, port }
}

const letter = composeMail(
  { template: 'recovery', link: 'https://id.acme.example/recover/finish?token=abc&x=1', minutes: 10 },
  { locale: 'fr', organisation: 'Acme & Söhne', login: 'elodie', name: 'Élodie <b>LEFÈVRE</b>' },
)
const mail: Mail = {
  tenant: 'acme',
  from: 'Acme <idaas@acme.example>',
  to: ['elodie@acme.example'],
  ...letter,
}

describe('a mail', () => {
  test('says the same as text and as HTML, in the language asked, with every value escaped', () => {
    expect(letter.subject).toBe('Choisir un nouveau mot de passe')
    expect(letter.text).toContain('Bonjour Élodie <b>LEFÈVRE</b>,')
    expect(letter.text).toContain('https://id.acme.example/recover/finish?token=abc&x=1')
    expect(letter.text).toContain('pendant 10 minutes')
    expect(letter.html).toContain('Bonjour Élodie &lt;b&gt;LEFÈVRE&lt;/b&gt;,')
    expect(letter.html).toContain('href="https://id.acme.example/recover/finish?token=abc&amp;x=1"')
    expect(letter.html).toContain('Acme &amp; Söhne')
    expect(letter.html).not.toMatch(/undefined|\[object|false|null/)
  })

  test.each(['password-reset', 'password-changed'] as const)('tells of %s without any link', (template) => {
    for (const locale of ['en', 'fr'] as const) {
      const { text, html } = composeMail(
        { template },
        { locale, organisation: 'Acme', login: 'alice', name: 'Alice' },
      )
      expect(text).toContain('alice')
      expect(text + html).not.toMatch(/https?:|href/)
    }
  })
})

describe('sending by SMTP', () => {
  test('delivers to every address of the person, marked as automatic', async () => {
    const { received, url } = await startMailServer()
    const transport = createSmtpTransport(url)
    await transport.send({ ...mail, to: ['elodie@acme.example', 'lefevre@home.example'] })
    await transport.close()
    expect(received[0]?.to).toEqual(['elodie@acme.example', 'lefevre@home.example'])
    expect(received[0]?.message).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(received[0]?.message).toMatch(/^Subject: Choisir un nouveau mot de passe\r$/m)
    expect(received[0]?.message).toMatch(/^From: Acme <idaas@acme.example>\r$/m)
  })

  test('takes what a directory holds as one address or not at all', async () => {
    const { received, url } = await startMailServer()
    const transport = createSmtpTransport(url)
    const odd = [
      'a@b.example, thief@evil.example',
      'x <thief@evil.example>',
      'a@b.example\r\nBcc: thief@evil.example',
      'group:thief@evil.example;',
      '',
    ]
    await transport.send({ ...mail, to: [...odd, 'elodie@acme.example'] })
    await expect(transport.send({ ...mail, to: odd })).rejects.toThrow(MailRefused)
    await transport.close()
    expect(received.map(({ to, message }) => [to, message.includes('evil')])).toEqual([
      [['elodie@acme.example'], false],
    ])
  })

  test('leaves what is refused for good, and lets the queue try again what is not', async () => {
    const refused: Error[] = []
    const counts = createMailCounts([mail.tenant])
    const forGood = createSmtpTransport((await startMailServer()).url)
    await sendMail(
      forGood,
      { ...mail, to: ['refuse@acme.example'] },
      {
        onRefused: (error) => refused.push(error),
        counts,
      },
    )
    expect(refused.map(String)).toEqual(['MailRefused: the mail server refused the mail with 550'])
    const forNow = createSmtpTransport((await startMailServer({ status: 451 })).url)
    const sending = sendMail(
      forNow,
      { ...mail, to: ['refuse@acme.example'] },
      { onRefused: () => {}, counts },
    )
    await expect(sending).rejects.toThrow('451')
    await expect(sending).rejects.not.toThrow('refuse@')
    expect(counts.read().map(({ result, count }) => [result, count])).toEqual([
      ['sent', 0],
      ['refused', 1],
      ['failed', 1],
    ])
    await Promise.all([forGood.close(), forNow.close()])
  })

  test('fails in time when the server is not there or says nothing', async () => {
    const gone = createSmtpTransport(`smtp://127.0.0.1:${await freePort()}`, { timeout: 300 })
    await expect(gone.send(mail)).rejects.toThrow('could not be used')
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const hung = createSmtpTransport(`smtp://127.0.0.1:${port}`, { timeout: 300 })
    const started = performance.now()
    await expect(hung.send(mail)).rejects.toThrow('could not be used')
    expect(performance.now() - started).toBeLessThan(2000)
    await Promise.all([gone.close(), hung.close()])
    silent.close()
  })

  test('gives its password only over TLS, to a server whose certificate is right', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mail-'))
    cleanUps.push(() => rm(folder, { recursive: true, force: true }))
    const ca = await makeTlsFiles(folder)
    const tls = {
      cert: await readFile(join(folder, 'cert.pem')),
      key: await readFile(join(folder, 'key.pem')),
    }
    const withTls = await startMailServer({ password: 'p@ss', tls })
    const without = await startMailServer({ password: 'p@ss' })
    const send = async (port: number, options: { ca?: string }) => {
      const transport = createSmtpTransport(`smtp://me:p%40ss@127.0.0.1:${port}`, options)
      try {
        await transport.send(mail)
      } finally {
        await transport.close()
      }
    }
    await send(withTls.port, { ca })
    expect(withTls.received).toMatchObject([{ secure: true }])
    await expect(send(withTls.port, {})).rejects.toThrow('could not be used')
    await expect(send(without.port, { ca })).rejects.toThrow('could not be used')
    expect(without.received).toEqual([])
  })
})

test('the demo keeps the newest hundred mails of each tenant, sealed', async () => {
  const { url } = await testDatabase()
  await migrate(url)
  const database = connectDatabase(url)
  cleanUps.push(() => database.close())
  const sealer = createSealer([randomBytes(32).toString('hex')])
  const now = new Date('2026-11-25T10:00:00Z')
  const transport = createCatchingTransport(database, sealer, () => now)
  for (let n = 1; n <= 103; n++) await transport.send({ ...mail, subject: `mail ${n}` })
  await transport.send({ ...mail, tenant: 'other' })

  const caught = await caughtMails(database, sealer, 'acme')
  expect(caught.map(({ subject }) => subject)).toEqual(
    Array.from({ length: 100 }, (_, n) => `mail ${103 - n}`),
  )
  expect(caught[0]).toMatchObject({ ...mail, subject: 'mail 103', caughtAt: now })
  expect(await caughtMails(database, sealer, 'other')).toHaveLength(1)
  const rows = await database.query(
    z.object({ row: z.string() }),
    'select c::text as row from caught_mails c',
  )
  expect(rows.filter(({ row }) => row.includes('token'))).toEqual([])
})
