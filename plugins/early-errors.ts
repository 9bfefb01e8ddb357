import { STATUS_CODES, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyHttpOptions } from 'fastify'
import { translator } from '../src/messages/message.ts'
import { Problem } from '../src/problems/problem.ts'
import { problemDocument, problemType } from './problem-document.ts'

/** Answers to what fails before there is a route, so that neither hooks nor the error handler see it. */
export const earlyErrors = {
  frameworkErrors: (_error, request, { raw }) => {
    const problem = new Problem('invalid-input', { faults: [{ field: '', reason: 'malformed' }] })
    const body = JSON.stringify(problemDocument(problem, translator('en'), request.id))
    raw.writeHead(problem.status, { 'content-type': problemType, 'cache-control': 'no-store' }).end(body)
  },
  clientErrorHandler: ({ code }, socket) => answerRaw(code, socket),
} satisfies FastifyHttpOptions<Server>

/** What Node could not parse as HTTP: there is no request to answer, only a connection. */
function answerRaw(code: string | undefined, socket: Socket): void {
  // The client has gone, or an answer is under way that must not be mixed with this one.
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable || socket.bytesWritten > 0)
    return void socket.destroy()
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const problem = new Problem(status === 431 ? 'header-too-large' : 'invalid-input')
  const body = JSON.stringify({ ...problemDocument(problem, translator('en'), ''), status })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
