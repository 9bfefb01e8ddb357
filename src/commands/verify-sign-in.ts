import { authenticate } from '../accounts/authenticate.ts'
import { createRefusalTime } from '../accounts/refusal-time.ts'
import type { Config } from '../config/schema.ts'
import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { Problem } from '../problems/problem.ts'
import { openServices } from './open-services.ts'
import { tenantNamed } from '../tenants/tenants-named.ts'
import type { Proof } from './verify-installation.ts'

/** Where the password comes from: what stands on a command line is read by everybody on the machine. */
const passwordVariable = 'IDAAS_SIGN_IN_PASSWORD'

/** Signs one person in as the pages do, through the directory, the limits and the audit. Throws CannotStart when password or tenant are not clear. */
export async function verifySignIn(config: Config, named: string | undefined, login: string): Promise<Proof> {
  const password = process.env[passwordVariable]
  if (password === undefined)
    throw new CannotStart(commandText('command.verify.password', { login, variable: passwordVariable }))
  const whose = commandText('command.verify.whose')
  const { name } = tenantNamed(config.tenants, named, whose)
  const opened = await openServices(config, { works: false })
  try {
    const tenant = tenantNamed(opened.tenants, name, whose)
    const services = { ...opened.services, refusalTime: createRefusalTime() }
    const { outcome } = await authenticate(
      services,
      tenant,
      { login, password, address: '127.0.0.1' },
      new Date(),
    )
    return proofOf(name, outcome !== 'refused', outcome)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return proofOf(name, false, error.code)
  } finally {
    await opened.close()
  }
}

function proofOf(tenant: string, ok: boolean, outcome: string): Proof {
  return { check: 'sign-in', tenant, ok, says: [`verify.sign-in.${ok ? 'ok' : 'fault'}`, { outcome }] }
}
