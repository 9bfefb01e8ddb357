import type { Finding } from './config-fault.ts'
import type { ClientConfig } from './client-schema.ts'
import { isLoopback } from './host-name.ts'

/** Client ids of our own pages. */
const reservedClientIds = ['portal']

/** What else the id must be; undefined when it may be taken. */
export function clientIdFault(id: string): string | undefined {
  return reservedClientIds.includes(id) ? `another id: \`${id}\` is the client of our own pages` : undefined
}

/** Whether grants, secret and addresses of a client go together. */
export function clientFindings(client: ClientConfig): Finding[] {
  const findings: Finding[] = []
  const grants = new Set(client.grants)
  if (grants.has('client_credentials') && client.secret === undefined) {
    findings.push({
      path: ['secret'],
      expected: 'a secret: the client acts for itself (`client_credentials`)',
    })
  }
  if (grants.has('refresh_token') && !grants.has('authorization_code')) {
    findings.push({ path: ['grants'], expected: '`authorization_code` beside `refresh_token`' })
  }
  if (grants.has('authorization_code') && client.redirectUris.length === 0) {
    findings.push({ path: ['redirectUris'], expected: 'at least one address (for `authorization_code`)' })
  }
  // Without both, whoever catches a code can use it.
  if (!client.requirePkce && client.secret === undefined) {
    findings.push({ path: ['requirePkce'], expected: 'true for a client without a secret' })
  }
  return findings
}

/** What is wrong with an address that people are sent back to. */
export function redirectFindings(text: string): Finding[] {
  const url = new URL(text)
  if (text.includes('#')) return [{ expected: 'an address without a fragment (RFC 6749, section 3.1.2)' }]
  if (text.includes('*')) return [{ expected: 'an exact address: wildcards are not understood' }]
  if (/^(?:javascript|data|vbscript|file|blob):$/.test(url.protocol))
    return [{ expected: 'an address https://' }]
  if (url.protocol !== 'http:' || isLoopback(url.hostname)) return []
  return [{ warning: 'http:// sends the code in clear: https:// is safe' }]
}
