// Without the ones that people take for others: 0 O 1 l I.
const classes = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+-./:=?@_']
const characters = classes.join('')

/** Randomness is the host's. */
export function makePasswords(host) {
  function pick() {
    for (;;) {
      const [byte] = new Uint8Array(host.random(1))
      // Beyond the last whole multiple the first characters would come more often.
      if (byte < 256 - (256 % characters.length)) return characters[byte % characters.length]
    }
  }
  return {
    /** Of `length` characters (at least 8), with one of each class, as password policies ask. */
    randomPassword(length = 16) {
      for (;;) {
        const password = Array.from({ length: Math.max(8, Math.min(length, 256)) }, pick).join('')
        if (classes.every((members) => members.split('').some((member) => password.includes(member))))
          return password
      }
    },
  }
}
