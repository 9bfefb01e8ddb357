const names = new Set([
  'userpassword',
  'unicodepwd',
  'dbcspwd',
  'supplementalcredentials',
  'authpassword',
  'sambantpassword',
  'sambalmpassword',
  'sambapasswordhistory',
  'pwdhistory',
  'passwordhistory',
  'userpkcs12',
  'clearpassword',
  'password',
])

/** Attributes whose values nobody may see: passwords, their hashes and keys. */
export function isSecretAttribute(attribute: string): boolean {
  const name = attribute.toLowerCase().split(';')[0] ?? ''
  return names.has(name) || name.startsWith('krb') || name.endsWith('password') || name.endsWith('pwd')
}
