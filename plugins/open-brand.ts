import {
  readBrandingFile,
  type BrandingFile,
  type BrandingUse,
} from '../src/config/branding/branding-file.ts'
import type { BrandingConfig } from '../src/config/branding/branding-schema.ts'
import { makeAsset, type Asset } from './web/asset.ts'
import type { Brand, InLanguages } from './web/brand.ts'
import { brandSheet } from './web/brand-sheet.ts'
import { richText, type RichText } from './web/rich-text.ts'

export type OpenBrand = { brand: Brand; assets: readonly Asset[] }

/** Reads what the branding of a tenant names. Throws when a file is no longer what it was when the configuration was checked. */
export async function openBrand(config: BrandingConfig): Promise<OpenBrand> {
  const [logo, logoDark, icon, styles, legal, accessibility] = await Promise.all([
    image('logo', config.logo),
    image('logo', config.logoDark),
    image('icon', config.icon),
    sheet(config),
    texts(config.legal),
    texts(config.accessibility),
  ])
  const brand: Brand = {
    config,
    logo: logo === null ? null : { url: logo.url, dark: logoDark?.url ?? null },
    icon,
    styles: styles?.url ?? null,
    pages: { legal, accessibility },
  }
  return { brand, assets: [logo, logoDark, icon, styles].filter((asset) => asset !== null) }
}

async function image(use: 'logo' | 'icon', path: string | undefined): Promise<Asset | null> {
  if (path === undefined) return null
  const { bytes, ending, type } = await read(path, use)
  return await makeAsset(`/branding/${use}`, ending, type, bytes)
}

async function sheet({ colour, colourDark }: BrandingConfig): Promise<Asset | null> {
  if (colour === undefined) return null
  return await makeAsset(
    '/branding/colours',
    '.css',
    'text/css; charset=utf-8',
    brandSheet(colour, colourDark),
  )
}

async function texts(paths: InLanguages<string> = {}): Promise<InLanguages<RichText>> {
  const [fr, en] = await Promise.all([textOf(paths.fr), textOf(paths.en)])
  return { fr, en }
}

async function textOf(path: string | undefined): Promise<RichText | undefined> {
  if (path === undefined) return undefined
  // Without the mark of byte order that some editors put in front.
  return richText(new TextDecoder().decode((await read(path, 'text')).bytes))
}

async function read(path: string, use: BrandingUse): Promise<BrandingFile> {
  const file = await readBrandingFile(path, use)
  if ('fault' in file) throw new Error(`branding: found ${file.fault.found}; expected ${file.fault.expected}`)
  return file
}
