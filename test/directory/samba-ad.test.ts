import { describeDirectory } from './describe-directory.ts'
import { sambaServer } from './samba-server.ts'

describeDirectory('Samba AD', () => sambaServer())
