import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { loadConfig } from '../../src/config/load.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { makeTenant } from './web-frame.ts'

const example = join(import.meta.dirname, '../../deploy/customers/example/idaas')

/** A customer as the example of a customer's repository has it: a drawn mark, both languages. */
export async function exampleCustomer(issuer: string): Promise<Tenant> {
  const { config } = await loadConfig({
    IDAAS_CONFIG: example,
    DATABASE: 'postgres://idaas@db/idaas',
    REDIS: 'redis://cache',
    KEY: '2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe',
    LDAP_PASSWORD: 'secret',
    CLOUD_SECRET: 'cloud-secret',
  })
  const branding = config.tenants[0]?.branding
  if (branding === undefined) throw new Error('the example has no tenant')
  return makeTenant({ issuer, branding, displayName: 'Acme' })
}

/** Another one: a wide photograph of its name, for a light scheme only; one language; links elsewhere. */
export async function otherCustomer(issuer: string): Promise<Tenant> {
  const folder = await mkdtemp(join(tmpdir(), 'idaas-branding-'))
  const write = async (name: string, content: Buffer | string): Promise<string> => {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  }
  const letters = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="120"><text x="0" y="92" font-size="90" font-family="sans-serif" font-weight="bold" fill="#7a1f3d">Mairie de Globex</text></svg>`
  return makeTenant({
    issuer,
    name: 'globex',
    displayName: 'Mairie de Globex-sur-Loire',
    branding: {
      logo: await write('logo.png', await sharp(Buffer.from(letters)).png().toBuffer()),
      logoHasName: true,
      colour: '#7a1f3d',
      legal: { fr: await write('mentions.md', 'Éditeur : <b>la mairie</b>') },
      links: [
        { label: { fr: 'Données personnelles', en: 'Personal data' }, url: 'https://globex.example/rgpd' },
        { label: { fr: 'Plan du site' }, url: 'https://globex.example/plan' },
      ],
      help: { url: 'https://aide.globex.example/mot-de-passe' },
    },
  })
}
