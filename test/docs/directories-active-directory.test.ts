import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { directorySchema } from '../../src/config/directory-schema.ts'
import { delegation } from '../support/samba-delegation.ts'
import { blocksOf } from './document-blocks.ts'

const SECTION = 'Active Directory'

it('docs/directories.md delegates the rights that the service account of the tests’ Samba AD has', () => {
  expect(blocksOf(SECTION, 'sh').join('')).toContain(`--sddl='${delegation('SID')}'`)
})

it('docs/directories.md has a configuration for Active Directory by which people sign in with their domain', () => {
  const [yaml = ''] = blocksOf(SECTION, 'yaml')
  const { directories } = z.object({ directories: z.tuple([directorySchema]) }).parse(parse(yaml))
  expect(directories[0]).toMatchObject({ domains: ['ACME', 'ad.acme.example'], startTls: false })
})
