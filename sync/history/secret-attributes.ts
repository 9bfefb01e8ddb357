const names = new Set([
  'authpassword',
  'dbcspwd',
  'ipanthash',
  'mdp',
  'nsds5replicacredentials',
  'sshprivatekey',
  'supplementalcredentials',
  'userpkcs12',
])

/** Columns are named as whoever made the table likes: `password_hash`, `mot_de_passe`, `oathSecret`. */
const speaking = /(password|passwd|pwd|motdepasse|secret)(hash|history|salt|key|\d+)?$|privatekey$|^krb/

/** Attributes whose values nobody may see: passwords, their hashes and keys. Not what is said about them: `pwdChangedTime`, `passwordRetryCount`. */
export function isSecretAttribute(attribute: string): boolean {
  const name = (attribute.toLowerCase().split(';')[0] ?? '').replaceAll(/[-_ ]/g, '')
  return names.has(name) || speaking.test(name)
}
