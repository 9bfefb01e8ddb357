import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'

const run = promisify(execFile)
const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30'

/**
 * Makes a certificate authority and a server certificate in `dir` (ca.pem, cert.pem, key.pem), about 15 ms, and returns
 * the authority as PEM.
 *
 * The machine's own name is in the certificate because libldap checks that name when it is told `localhost`.
 */
export async function makeTlsFiles(dir: string): Promise<string> {
  const { path, env } = findProgram('openssl')
  const openssl = (args: string) => run(path, args.split(' '), { cwd: dir, env })
  const names = `subjectAltName=DNS:localhost,DNS:${hostname()},IP:127.0.0.1`

  await mkdir(dir, { recursive: true })
  await openssl(`req -x509 ${newKey} -subj /CN=test-ca -keyout ca.key -out ca.pem`)
  await openssl(
    `req -x509 -CA ca.pem -CAkey ca.key ${newKey} -subj /CN=localhost -addext ${names} ` +
      '-addext basicConstraints=critical,CA:FALSE -keyout key.pem -out cert.pem',
  )
  return await readFile(join(dir, 'ca.pem'), 'utf8')
}
