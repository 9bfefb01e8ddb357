export function makeSecurityUtils(host) {
  return {
    HASH_MD5: 'MD5',
    HASH_SHA1: 'SHA1',
    HASH_SHA256: 'SHA256',
    HASH_SHA512: 'SHA512',
    /** In base64. */
    hash: (algorithm, text) => host.hash(String(algorithm), String(text)),
    /** By the key of the configuration; text in, base64 out. */
    encrypt: (text) => host.encrypt(String(text)),
    decrypt: (base64) => host.decrypt(String(base64)),
    /** Upper-case hexadecimal. */
    computeSambaLMPassword: (password) => host.lmHash(String(password)),
    computeSambaNTPassword: (password) => host.ntHash(String(password)),
  }
}
