import plugin from 'fastify-plugin'

/**
 * `app.close()` that ends soon and breaks nothing: what was begun is finished and its connection closed after it; without this a kept connection
 * holds the server open for the whole keep-alive time. New requests on kept connections get Fastify's 503 with `Connection: close`.
 */
export const draining = plugin(async (app) => {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
  // For the answers that the provider sends itself: their connection is idle in the next turn.
  app.addHook('onResponse', async () => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections())
  })
})
