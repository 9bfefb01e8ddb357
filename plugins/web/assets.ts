import { readFile } from 'node:fs/promises'
import plugin from 'fastify-plugin'
import { makeAsset, sendAsset } from './asset.ts'
import type { AssetUrls } from './layout.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the style sheet, the script and the icon are. */
    assetUrls: AssetUrls
  }
}

const own = (name: string): string => new URL(name, import.meta.url).href

// In this order: ours sets the variables of Pico CSS. What only one product shows is in a sheet named for it, at the end.
const sheets = [
  import.meta.resolve('@picocss/pico/css/pico.min.css'),
  ...[
    'tokens',
    'page',
    'header',
    'form',
    'component',
    'table',
    'docs',
    'people',
    'desk',
    'self-service',
    'doctor',
    'sync',
  ].map((name) => own(`styles/${name}.css`)),
]

const scripts = [import.meta.resolve('htmx.org/dist/htmx.min.js'), own('scripts/show-password.js')]

/** Serves what the pages of every tenant load. */
export const assets = plugin(async (app) => {
  const [styles, script, icon] = await Promise.all([
    makeAsset('/assets/styles', '.css', 'text/css; charset=utf-8', await readTogether(sheets)),
    makeAsset('/assets/htmx', '.js', 'text/javascript; charset=utf-8', await readTogether(scripts)),
    makeAsset('/assets/icon', '.svg', 'image/svg+xml', await readTogether([own('icon.svg')])),
  ])
  app.decorate('assetUrls', { styles: styles.url, script: script.url, icon: icon.url })
  for (const asset of [styles, script, icon]) {
    app.get(asset.url, { schema: { hide: true } }, async (request, reply) => sendAsset(asset, request, reply))
  }
})

async function readTogether(files: readonly string[]): Promise<string> {
  const parts = await Promise.all(files.map((file) => readFile(new URL(file), 'utf8')))
  return parts.join('\n')
}
