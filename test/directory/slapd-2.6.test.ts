import { describeDirectory } from './describe-directory.ts'
import { slapdServer } from './slapd-server.ts'

describeDirectory('slapd 2.6', () => slapdServer({ version: '2.6' }))
