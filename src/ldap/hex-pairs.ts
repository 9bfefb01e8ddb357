/** Bytes as `\xx` each, the escapes of RFC 4514 (DN) and RFC 4515 (filter). A text is taken as UTF-8. */
export function hexPairs(bytes: string | Buffer): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/../g, String.raw`\$&`)
}
