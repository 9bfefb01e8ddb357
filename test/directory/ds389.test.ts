import { describeDirectory } from './describe-directory.ts'
import { ds389Server } from './ds389-server.ts'

describeDirectory('389-DS', () => ds389Server())
