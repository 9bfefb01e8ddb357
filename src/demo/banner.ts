import { commandText as t } from '../messages/command-text.ts'

/** What a newcomer needs to know, printed when the demo is ready. */
export function banner(issuer: string, ldapPort: number, dataDir: string): string {
  const pages = [
    ['', 'portal'],
    ['/people', 'people'],
    ['/desk', 'desk'],
    ['/sync', 'sync'],
    ['/demo/app', 'app'],
    ['/demo/inbox', 'inbox'],
    ['/api/docs', 'docs'],
  ] as const
  const people = [
    ['alice', 'person'],
    ['hugo', 'agent'],
    ['ada', 'administrator'],
  ] as const
  const whos = people.map(([, who]) => t(`demo.banner.${who}`))
  const width = Math.max(...whos.map((who) => who.length))
  return [
    '',
    t('demo.banner.ready'),
    '',
    ...block(
      t('demo.banner.open'),
      pages.map(([path, what]) => `${issuer}${path.padEnd(15)}${t(`demo.banner.${what}`)}`),
    ),
    '',
    ...block(
      t('demo.banner.signIn'),
      people.map(
        ([login], n) => `${login.padEnd(7)} ${(whos[n] ?? '').padEnd(width)}  demo-password-${login}`,
      ),
    ),
    '',
    ...block('API', [
      `curl -u demo-cli:demo-secret -d grant_type=client_credentials -d 'scope=people.read' ${issuer}/oauth2/token`,
    ]),
    ...block('LDAP', [
      `ldapsearch -x -H ldap://127.0.0.1:${ldapPort} -D uid=alice,ou=people,dc=acme,dc=example -w demo-password-alice -b dc=acme,dc=example uid=hugo`,
    ]),
    '',
    t('demo.banner.kept', { folder: dataDir }),
    '',
  ]
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n')
}

/** Lines behind a word of the margin. */
function block(word: string, lines: readonly string[]): string[] {
  return lines.map((line, n) => `${(n === 0 ? word : '').padEnd(8)} ${line}`)
}
