import type { Span } from './named.ts'

/**
 * A form of credential. Group 1 of the match is hidden, or the whole match if there is no group; the `d` flag gives its
 * position.
 */
interface Shape {
  /** A cheap first test on the text in lower case. */
  readonly hint: RegExp
  readonly form: RegExp
}

// Each form is linear: bounded repetitions, and no two neighbours that can take the same character.
const shapes: readonly Shape[] = [
  // RFC 3986 userinfo, even if the password contains @ or a slash. Not `git@`, and not a digest after an image name.
  { hint: /:\/\//, form: /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?!git@)([^\s/"'<>\\]{1,512})@(?!sha\d{3}:)/dgi },
  {
    hint: /:\/\//,
    form: /\b[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/:@"'<>[\\]{0,100}:(?!\d{1,5}\/)[^\s/@"'<>\\]{1,200}\/[^\s@"'<>\\]{0,200})@/dgi,
  },
  // A login without a scheme: `user:word@host` of Go's MySQL driver, of proxies and of curl.
  {
    hint: /@/,
    form: /(?<![\w/.:@+-])(?!mailto:)[\w.+-]{1,64}:([^\s:@/"'<>]{3,128})@(?!sha\d{3}:)(?:[\w[-]|\()/dgi,
  },
  {
    hint: /sqlplus|oracle/,
    form: /(?:sqlplus\s{1,3}(?:-\w{1,3}\s{1,3}){0,3}|oracle:thin:)[\w.$#-]{1,60}\/([^\s/@"']{1,100})@/dgi,
  },
  // RFC 9110 credentials: the scheme stays; everything after it is hidden, up to the end of the line or quote.
  {
    hint: /authorization/,
    form: /\b(?:proxy-)?authorization(?:\\{0,8}["'])?\s{0,3}[:=]\s{0,3}(?:\[\s{0,3})?(?:\\{0,8}["'])?(?:basic|bearer|negotiate|digest|token|api-?key|ntlm|kerberos|aws4-hmac-sha256|hawk|splunk|shared-?key(?:lite)?|sso-key|dpop|pop|oauth|googlelogin|key|session|jwt|private|mac|scram-sha-\d{1,3}|signature|hmac[\w-]{0,12}|secret|macaroon)\s{1,3}((?!\[redacted)[^\n"'\\]{2,4096}(?:"[^"\n]{0,512}"[^\n"'\\]{0,512}){0,20})/dgi,
  },
  {
    hint: /authorization/,
    form: /\b(?:proxy-)?authorization(?:\\{0,8}["'])?\s{0,3}[:=]\s{0,3}(?:\\{0,8}["'])?(?:[A-Za-z][\w-]{1,30}\s{1,3})?((?!\[redacted)(?=[^\s"']{0,60}\d)(?=[^\s"']{0,60}[A-Za-z])[^\s"',;:]{8,4096})(?=$|[\s"',;\\])/dgi,
  },
  {
    hint: /bearer|basic/,
    form: /\b(?:bearer|basic)\s{1,3}((?=[A-Za-z+/_.~-]{0,60}[\d=+/A-Z]|[a-z]{24})(?!realm=|[A-Z]?[a-z]{1,30}\b(?!=))[A-Za-z0-9+/_.~-]{8,4096}={0,2})/dgi,
  },
  {
    hint: /cookie/,
    form: /\b(?:set-)?cookie(?:\\{0,8}["'])?\s{0,3}[:=]\s{0,3}(?:\\{0,8}["'])?((?!\[redacted)[\w.%-]{1,100}=[^\n"'\\]{1,4096})/dgi,
  },
  { hint: /-b|--cookie/, form: /\s(?:-b|--cookie)[\s=]{1,3}["']?([\w.%-]{1,100}=[^\n"']{1,2048})/dgi },
  // Flags of command lines with short names.
  {
    hint: /-u|-a|-x|--user|creds|--auth|--proxy/,
    form: /(?:^|[\s"',])(?:-[uUax]|--(?:proxy-)?user(?:name)?|--(?:(?:src|dest)-)?creds|--auth)(?:["']?[\s,=]{1,4}["']?|(?=[A-Za-z]))([^\s:"'=/,%\\-][^\s:"'=/,%\\]{0,80}[:%](?!\/\/|\d{1,6}(?:["'\s]|$))[^\s"']{1,512})/dg,
  },
  {
    hint: /login|sshpass|mysql|mariadb|ldap|sqlcmd|bcp|mongo|unzip|7z|zip|redis-cli|pass(?:in|out)|htpasswd|chpasswd|password-stdin/,
    form: /\b(?:login|sshpass|mysql\w{0,8}|mariadb\w{0,8}|ldap\w{1,10}|sqlcmd|bcp|mongo\w{0,8}|unzip|zip|redis-cli)\b[^\n|;&]{0,300}?[\s"',[]-[pPwa](?:["']?[\s,]{1,4}["']?|=)?((?!\d{1,5}:\d)(?![-$])[^\s"'=|;&,-][^\s"']{1,256})/dg,
  },
  { hint: /pass:/, form: /\bpass:([^\s"']{1,256})/dg },
  {
    hint: /htpasswd/,
    form: /\bhtpasswd\s{1,3}-\w{0,6}b\w{0,6}\s{1,3}[^\n|;&]{1,200}?\s([^\s"'|;&>]{2,200})(?=\s{0,3}(?:$|[|;&>\n"'\]]))/dg,
  },
  {
    hint: /chpasswd/,
    form: /\b(?:echo|printf)\s{1,3}(?:-\w{1,3}\s{1,3})?["']?([^\n|]{1,400}?)["']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3})?chpasswd/dg,
  },
  {
    hint: /-stdin|base64|login|secret/,
    form: /\b(?:echo|printf|<<<)\s{1,3}(?:-\w{1,3}\s{1,3}){0,2}((?!["']?\$\{?[A-Z_a-z]\w{0,60}\}?["']?\s{0,3}\|)[^\n|]{3,600}?)\s{0,3}\|[^\n]{0,400}?(?:-stdin|base64|\blogin\b)/dg,
  },
  { hint: /from-literal|kv put/, form: /--from-literal[\s=]{1,3}["']?[\w.-]{1,120}=([^\s"']{1,2048})/dg },
  { hint: /identified/, form: /\bidentified\s{1,3}(?:with\s{1,3}\w{1,40}\s{1,3})?by\s{1,3}["']?([^\s"';]{1,200})/dgi },
  // Hashes of passwords: crypt(3), bcrypt, Apache, Argon2, LDAP.
  {
    hint: /\$/,
    form: /(\$(?:2[abxy]|apr1|[156y]|7|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,12}|sha512|sha256)\$[^\s"':,]{8,512})/dg,
  },
  { hint: /\{s?(?:sha|md5|crypt)/, form: /\{S?(?:SHA\d{0,3}|MD5|CRYPT)\}([^\s"',]{8,512})/dgi },
  // URLs that grant access to anybody who knows them.
  { hint: /hooks|webhook/, form: /\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/([\w/-]{4,512})/dgi },
  { hint: /webhook|hooks/, form: /\/(?:api\/)?(?:webhooks?|webhookb2|hooks|incoming)\/([\w@/.-]{16,512})/dgi },
  { hint: /\/bot/, form: /\/bot(\d{5,12}:[\w-]{20,100})/dgi },
  {
    hint: /[?&]|amp;/,
    form: /[?&](?:amp;)?(?:x-(?:amz|goog|oss|cos|ms|obs)-[a-z-]{1,40}|se|sp|sv|st|sr|spr|ske|skoid|code|verify|policy|hmac|ticket|key|key-pair-id|hdnts|apikey|auth_key|pass|p|t)=([^&\s"'<>\\]{4,4096})/dgi,
  },
]

// Tokens with the prefixes that vendors document.
const vendors = [
  'gh[pousr]_[A-Za-z0-9]{20,255}',
  'github_pat_\\w{20,255}',
  'gl[a-z]{2,8}-[\\w.-]{16,255}',
  'npm_[A-Za-z0-9]{20,255}',
  'xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,255}',
  'xapp-[\\w-]{8,255}',
  '(?:AKIA|ASIA|ABIA|ACCA|APKA|AGPA|AIDA|AROA)[A-Z0-9]{16}',
  'dckr_[a-z]{2,6}_[\\w-]{16,255}',
  'dop_v1_\\w{32,128}|do[ro]_v1_\\w{32,128}',
  'hv[sbr]\\.[\\w-]{16,255}',
  '[sbr]\\.[A-Za-z0-9]{24}(?![\\w.])',
  'AKC[A-Za-z0-9]{10,255}',
  'cmVmdGtu[A-Za-z0-9+/=_-]{16,255}',
  'AIza[\\w-]{30,64}',
  'ya29\\.[\\w.-]{16,512}',
  '1\\/\\/0[\\w-]{20,255}',
  'GOCSPX-[\\w-]{16,64}',
  '[\\w~.-]{3}[78]Q~[\\w~.-]{20,64}',
  '(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{10,255}',
  'whsec_[A-Za-z0-9+/=]{16,255}',
  'sk-(?:[a-z]{2,12}-){0,3}[\\w-]{16,255}',
  'SG\\.[\\w-]{10,64}\\.[\\w-]{10,128}',
  '(?:SK|AC)[0-9a-f]{32}',
  'key-[0-9a-zA-Z]{32}',
  'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
  'sq0[a-z]{3}-[\\w-]{20,64}',
  'hf_[A-Za-z0-9]{20,64}',
  'pypi-[\\w-]{16,512}',
  'rubygems_[0-9a-f]{32,64}',
  'cio[A-Za-z0-9]{32}',
  'oy2[a-z0-9]{43}',
  '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{40,128}',
  'dapi[0-9a-f]{32}(?:-\\d)?',
  'lin_(?:api|oauth)_[A-Za-z0-9]{20,64}',
  'ntn_[A-Za-z0-9]{20,64}|secret_[A-Za-z0-9]{40,64}',
  'AT[A-Z]{2}[A-Za-z0-9+/=_-]{20,512}',
  'glsa_\\w{20,128}|glc_[\\w+/=-]{20,512}',
  'NR[A-Z]{2}-[A-Za-z0-9]{16,64}',
  'sntr[ysu]{2}_[\\w+/=-]{20,512}',
  'dp\\.[a-z]{2,6}\\.(?:[\\w-]{1,40}\\.)?[A-Za-z0-9]{30,64}',
  'pul-[0-9a-f]{40}',
  'fm[12][ar]?_[\\w+/=,-]{30,1024}|fo1_[\\w-]{30,128}',
  '(?:sbp|nfp|vcp|nvapi|tskey|pat|bkua|fig[dou]r?|phc|phx|pscale_tkn|pscale_pw|PMAK|CCIPAT|tfp|r8|xai|gsk|fw|jina|rnd|sgp|ops|dt0c01|eyJrIjoi)[_.-][\\w.-]{24,512}',
  '\\d{8,10}:AA[\\w-]{30,40}',
  'AGE-SECRET-KEY-1[A-Z0-9]{40,64}',
  'HRKU-[\\w-]{20,64}',
  '(?<![\\w-])[a-z0-9]{6}\\.(?![0-9a-f]{16}(?!\\w))[a-z0-9]{16}(?![\\w.-])',
  'eyJ[\\w-]{8,8192}\\.[\\w-]{4,8192}(?:\\.[\\w-]{0,8192}){0,3}',
]
const vendor = new RegExp(`(?<![A-Za-z0-9])(?:${vendors.join('|')})`, 'g')

/** Finds credentials by their own form or by the words in front of them. */
export function shapedSecrets(text: string): readonly Span[] {
  const lower = text.toLowerCase()
  const spans: Span[] = []
  for (const { hint, form } of shapes) {
    if (!hint.test(lower)) continue
    for (const { indices } of text.matchAll(form)) {
      const span = indices?.[1] ?? indices?.[0]
      if (span && !text.startsWith('[redacted', span[0])) spans.push(span)
    }
  }
  for (const found of text.matchAll(vendor)) spans.push([found.index, found.index + found[0].length])
  return spans
}
