import type { Check } from './probe.ts'

/** Active Directory takes passwords over encrypted connections only (MS-ADTS, 3.1.1.3.1.5). */
export const encryptedPasswords: Check = {
  name: 'encrypted-passwords',
  async run({ settings, url, report }) {
    const isPlain = url.startsWith('ldap:') && !settings.startTls
    return settings.kind === 'active-directory' && isPlain
      ? [report('encryption-needed', { url }, 'startTls: true')]
      : []
  },
}
