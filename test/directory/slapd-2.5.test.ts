import { describeDirectory } from './describe-directory.ts'
import { slapdServer } from './slapd-server.ts'

describeDirectory('slapd 2.5', () => slapdServer())
