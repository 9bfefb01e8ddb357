import { z } from 'zod'

/** A token of the demo's command-line client, as the banner shows how to get one. */
async function demoToken(issuer: string, scope: string): Promise<string> {
  const response = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('demo-cli:demo-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token
}

/** Gives somebody a new password by the API. */
export async function resetByApi(
  issuer: string,
  login: string,
  password: string,
  mustChange = false,
): Promise<number> {
  const token = await demoToken(issuer, 'accounts.manage')
  const response = await fetch(`${issuer}/api/v1/accounts/${login}/password-reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ password, mustChange, notify: false, reason: 'a test' }),
  })
  return response.status
}
