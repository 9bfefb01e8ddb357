// `helm test`: the service is ready, and it is the issuer that the host name promises.
import { get } from 'node:http'

const { SERVICE: service, ISSUER_HOST: host } = process.env

// Not fetch: it does not let a program choose the Host header, by which the service knows its tenants.
const read = (path) =>
  new Promise((resolve, reject) => {
    get(service + path, { headers: { host }, timeout: 10_000 }, async (response) => {
      const body = Buffer.concat(await response.toArray()).toString()
      if (response.statusCode === 200) resolve(JSON.parse(body))
      else reject(new Error(`${path}: ${response.statusCode} ${body}`))
    }).on('error', reject)
  })

console.log('ready:', await read('/readyz'))
const { issuer } = await read('/.well-known/openid-configuration')
if (new URL(issuer).host !== host) throw new Error(`the issuer is ${issuer}, the first of hosts ${host}`)
console.log('issuer:', issuer)
