import type { Configuration } from '../config/configuration.ts'
import { programEnvironment, readAzureEnvironment } from '../config/environment.ts'
import type { GuardedHttp } from '../registry/http/guarded-http.ts'
import { awsLogin } from '../registry/identity/aws.ts'
import { azureLogin, type PostForm } from '../registry/identity/azure.ts'
import { dockerHelper } from '../registry/identity/docker-helper.ts'
import { googleLogin } from '../registry/identity/google.ts'
import { createOwnLogins, type LoginProvider, type OwnLogins } from '../registry/identity/own-logins.ts'

type Registry = Configuration['registries'][number]

/** The logins of `registries[].login` and `helper`. Nothing is loaded or contacted before the first login is needed. */
export function configuredLogins(registries: readonly Registry[], openHttp: () => GuardedHttp): OwnLogins {
  const providers = new Map(registries.map((it) => [it.host, providerOf(it, openHttp)]))
  return createOwnLogins({ providerOf: (host) => providers.get(host) })
}

function providerOf({ login, helper }: Registry, openHttp: () => GuardedHttp): LoginProvider | undefined {
  if (helper) return dockerHelper(helper, programEnvironment())
  if (login === 'aws') return awsLogin()
  if (login === 'google') return googleLogin()
  return login === 'azure' ? azureLogin(readAzureEnvironment(), postForm(openHttp)) : undefined
}

/** Bytes of a token with its envelope. */
const answerLimit = 64 * 1024

/** Posts a form to a registry, whose name is resolved each time. No redirect is followed: the form holds a token. */
export function postForm(openHttp: () => GuardedHttp): PostForm {
  return async (url, form) => {
    const http = openHttp()
    const sending = http.send({
      ...{ method: 'POST', url, registry: url.host, login: '', redirects: 0, limit: answerLimit },
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    const answer = await sending.finally(http.close)
    if (answer.status !== 200) throw new Error(`${url.host} answers its token exchange with ${answer.status}`)
    return answer.body
  }
}
