import { serveEmbeddedDirectory } from '../../../src/directory/embedded/serve-embedded-directory.ts'
import { app } from './peers.ts'

/** The embedded directory as a process of its own, for tests that kill it. Prints its URL, or why it did not start. */
const [ldif = '', dataDir = ''] = process.argv.slice(2)
try {
  const { url } = await serveEmbeddedDirectory({
    ldif,
    dataDir,
    port: 0,
    writers: [app.dn],
    compactAbove: 20_000,
  })
  console.log(url)
} catch (error) {
  console.log(String(error))
}
