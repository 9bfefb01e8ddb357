import type { Check } from './probe.ts'

/** Active Directory (MS-ADTS, 3.1.1.3.1.5) and 389-DS take passwords over encrypted connections only. */
export const encryptedPasswords: Check = {
  name: 'encrypted-passwords',
  async run({ settings, url, report }) {
    const isPlain = url.startsWith('ldap:') && !settings.startTls
    return settings.kind !== 'openldap' && isPlain
      ? [report('encryption-needed', { url }, 'startTls: true')]
      : []
  },
}
