import type { Finding } from './config-fault.ts'
import type { DirectoryConfig } from './directory-schema.ts'
import { isLoopback } from './host-name.ts'

type Addresses = Pick<DirectoryConfig, 'urls' | 'bind' | 'startTls' | 'allowCleartext'>

/** What is wrong with one directory that the schema cannot say. */
export function directoryFindings(directory: Addresses): Finding[] {
  return directory.urls.flatMap((text, index) => {
    const expected = urlFault(directory, new URL(text))
    return expected === undefined ? [] : [{ path: ['urls', index], expected }]
  })
}

function urlFault(directory: Addresses, url: URL): string | undefined {
  if ('sasl' in directory.bind && url.protocol !== 'ldapi:') return 'ldapi:// (for `sasl: EXTERNAL`)'
  if (directory.startTls && url.protocol === 'ldaps:')
    return 'ldap://, or no `startTls`: ldaps:// is encrypted already'
  if (url.protocol !== 'ldap:' || directory.startTls || directory.allowCleartext) return undefined
  return isLoopback(url.hostname.toLowerCase())
    ? undefined
    : 'ldaps://, or `startTls: true` (or `allowCleartext: true`, when passwords may cross the network in clear)'
}
