/** What a newcomer needs to know, printed when the demo is ready. */
export function banner(issuer: string, ldapPort: number, dataDir: string): string {
  return `
  IDaaS core: the demo is ready. It listens on this machine only, and its passwords are public.

  Open     ${issuer}               the applications of a person (sign in)
           ${issuer}/people        white pages: try  Élo  or  lefevre  or  77 00 00 01
           ${issuer}/desk          service desk: find alice, reset her password
           ${issuer}/sync          synchronization: preview what the file hr.csv would change
           ${issuer}/demo/app      an application that signs people in
           ${issuer}/demo/inbox    the mails that were sent
           ${issuer}/api/docs      the API

  Sign in  alice   a person              demo-password-alice
           hugo    a service desk agent  demo-password-hugo
           ada     an administrator      demo-password-ada

  API      curl -u demo-cli:demo-secret -d grant_type=client_credentials -d 'scope=people.read' ${issuer}/oauth2/token
  LDAP     ldapsearch -x -H ldap://127.0.0.1:${ldapPort} -D uid=alice,ou=people,dc=acme,dc=example -w demo-password-alice -b dc=acme,dc=example uid=hugo

  What you change is kept in ${dataDir}. Ctrl-C ends it.
`
}
