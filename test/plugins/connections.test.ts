import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { makeTenant, openTestFrame } from './web-frame.ts'

const tenant = makeTenant({ issuer: 'http://id.acme.example' })

async function send(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(request)
  return await text(socket)
}

test('what is no HTTP, or too large, is answered with a problem and the connection closed', async () => {
  const { app } = await openTestFrame([tenant], () => {})
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  const answers = await Promise.all([
    send(port, `GET / HTTP/1.1\r\nHost: id.acme.example\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`),
    send(port, 'NONSENSE\r\n\r\n'),
    send(port, 'GET / HTTP/1.1\r\n\r\n'),
  ])
  expect(answers.map((answer) => answer.split('\r\n', 1)[0])).toEqual([
    'HTTP/1.1 431 Request Header Fields Too Large',
    'HTTP/1.1 400 Bad Request',
    'HTTP/1.1 400 Bad Request',
  ])
  expect(answers[0]).toContain('"code":"header-too-large"')
  await app.close()
})

test('a server that closes finishes what it began, ends idle connections, and is gone', async () => {
  const began = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const { app } = await openTestFrame([tenant], (routes) => {
    routes.get('/slow', async () => {
      began.resolve()
      await goOn.promise
      return { done: true }
    })
  })
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  const idle = connect(port, '127.0.0.1')
  idle.write('GET /nothing HTTP/1.1\r\nHost: id.acme.example\r\n\r\n')
  await once(idle, 'data')
  const idleEnd = once(idle, 'close')

  const busy = connect(port, '127.0.0.1')
  busy.write('GET /slow HTTP/1.1\r\nHost: id.acme.example\r\n\r\n')
  await began.promise
  const closed = app.close()
  await idleEnd
  goOn.resolve()
  expect(await text(busy)).toMatch(/^HTTP\/1.1 200 OK\r\n.*connection: close\r\n.*\{"done":true\}/is)
  await closed
  const late = connect(port, '127.0.0.1')
  await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED')
})
