import { LdapFailure, protocolFailure } from './failure.ts'
import type { ResponseMessage } from './response.ts'
import { resultName } from './result-code.ts'

/** RFC 4511, 4.4.1. */
export const NOTICE_OF_DISCONNECTION = '1.3.6.1.4.1.1466.20036'

/** The failure that an unsolicited message means (id 0): the server is about to close, and says why. */
export function noticeOfDisconnection({ response }: ResponseMessage): LdapFailure {
  if (response.type !== 'extendedResponse') return protocolFailure('a response without a request')
  const { code, diagnostic } = response.result
  return new LdapFailure(
    'closed',
    `the server ends the connection: ${code} (${resultName(code)}) ${diagnostic}`,
  )
}
