import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deploy, renderBase } from './overlay/render-base.ts'

test('the base is the chart as it is now', async () => {
  const rendered = await renderBase()
  for (const [path, text] of Object.entries(rendered))
    await expect(text).toMatchFileSnapshot(join(deploy, path))
})
