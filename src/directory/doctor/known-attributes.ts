import type { Check } from './probe.ts'

/** Whether the server's schema has the attributes that the configuration names. */
export const knownAttributes: Check = {
  name: 'known-attributes',
  async run({ schema, settings, report }) {
    if (schema === undefined) return []
    const { login, signIn, ...others } = settings.attributes
    const isUnknown = (name: string) => schema.attributeType(name) === undefined
    const unknown = [...new Set([signIn, ...Object.values(others)].flat().filter(isUnknown))]
    return [
      ...(isUnknown(login) ? [report('login-attribute-unknown', { attribute: login })] : []),
      ...(unknown.length > 0 ? [report('attribute-unknown', { attributes: unknown.join(', ') })] : []),
    ]
  },
}
