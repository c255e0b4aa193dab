/**
 * How surely a name denotes a secret. The value of a `strong` name is hidden in nearly every form, the value of a `weak`
 * name only if it looks like a secret.
 */
export type Sensitivity = 'strong' | 'weak'

/** A cheap first test: a text without any of these holds no named credential. */
export const nameHint =
  /pass|pwd|psw|pw|secret|token|key|cred|auth|cookie|session|jwt|bearer|sig|sas|dsn|otp|pat|psk|hmac|conn|docker|kubeconfig|webhook|kennwort/i

const strong =
  /pass_?(?:word|wort|wd|phrase|code)|kennwort|(?:^|_)(?:pass|passw|psw|pw|pwd|passwords)(?:_|$)|(?:db|root|user|key|store|admin|redis|my|pg|sql|smtp|mail|ldap|bind|proxy|sudo|login)(?:pass|pwd)$|(?:secret|private)_?(?:access_?)?key(?:_|$)|client_?secret|docker_?config_?json|dockercfg|docker_auth_config|client_key_data|(?:^|_)tls_key$/

const weak =
  /(?:secret|token|credential|cookie|signature)s?(?:_|$)|(?:^|_)(?:creds?|auth|authorization|jwt|bearer|sig|sas|dsn|otp|totp|pat|psk|hmac|session|sessionid|sid|kubeconfig|webhook|webhook_url)(?:_|$)|(?:api|access|account|deploy|encrypt(?:ion)?|sign(?:ing)?|master|storage|shared|client|service|license|hmac|ssh|rsa|webhook|admin|root|app|application|subscription|session|registry|instrumentation|integration|publish|write|read|vault|unseal|recovery|data)_?keys?(?:_\d+)?$|conn(?:ection)?_?str(?:ing)?(?:_|$)/

/** Names that refer to a secret but do not hold it, such as `secretName`, `token_url` or `--password-stdin`. */
const neutral =
  /_(?:files?|paths?|dir|names?|refs?|stdin|ur[il]|types?|len(?:gth)?|count|size|ttl|expir\w{0,12}|env|providers?|policy|version|reviews?|endpoint|service|svc|server|hosts?|audiences?|realm|scopes?|enabled|required|methods?|mode|users?|username|seconds|manager|controller|operator|class|namespace|index|prefix|format|id|helper|plugin|proxy|gateway|api|app|web|worker)$|pull_secrets?$|(?:public|cache|primary|foreign|sort|object)_key$/

const switchedOff = /^(?:no|skip|without|disable|allow|use|has|with|require)_/
const identifying = /(?:secret|session)_id$|webhook_url$/

/** `db.rootPassword` → `db_root_password`. */
function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase()
}

/** Returns the last part of `spring.datasource.password`. `auth.docker.io` is a host, not an `auth`. */
function ownPart(name: string): string {
  const [last = '', before = ''] = name.split('.').toReversed()
  return (last === 'key' || last === 'value') && before ? `${before}_${last === 'key' ? last : ''}` : last
}

/** Rates a name in `camelCase`, `kebab-case`, `dotted.names` or `UPPER_CASE`. undefined: its value is not a credential. */
export function sensitivityOf(name: string): Sensitivity | undefined {
  if (name.length > 120 || !nameHint.test(name)) return undefined
  const words = snake(ownPart(name))
  if (switchedOff.test(words) || (neutral.test(words) && !identifying.test(words))) return undefined
  if (strong.test(words)) return 'strong'
  // An environment variable that ends in _KEY is taken for a key.
  return weak.test(words) || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_KEYS?(?:_\d+)?$/.test(name) ? 'weak' : undefined
}

/** Whether the name ends in the word that makes it sensitive: `db-password`, but not `token-exchange`. */
export function endsSensitive(name: string): boolean {
  return sensitivityOf(name.slice(name.search(/[A-Za-z0-9]+$/))) !== undefined || /key$/i.test(name)
}
