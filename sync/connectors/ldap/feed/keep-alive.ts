import type { Connection } from '../../../../src/ldap/connection.ts'

/** Milliseconds: a server that died without a word is noticed after the two together. */
const EVERY = 5_000
const PATIENCE = 5_000

/** Asks for a sign of life while a search waits for changes that may not come for days. Gives the function that stops it. */
export function keepAlive(connection: Connection): () => void {
  let isAsking = false
  const timer = setInterval(() => {
    if (isAsking) return
    isAsking = true
    connection.read('', { attributes: ['1.1'], timeout: PATIENCE }).then(
      () => (isAsking = false),
      () => connection.unbind(),
    )
  }, EVERY)
  timer.unref()
  return () => clearInterval(timer)
}
