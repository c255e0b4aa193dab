type Shape = (secret: string) => string

const base64 = (of: string): string => Buffer.from(of).toString('base64')

/** Texts that give a secret away whatever it is, so also one that is a mere word. */
const ofWords: readonly Shape[] = [
  (s) => `{"name":"DB_PASSWORD","value":"${s}"}`,
  (s) => `{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"${s}\\"}`,
  (s) => `{"value":"${s}","name":"DB_PASSWORD"}`,
  (s) => `- name: DB_PASSWORD\n  value: ${s}`,
  (s) => `{Name:DB_PASSWORD,Value:${s},ValueFrom:nil,}`,
  (s) => `["--password","${s}"]`,
  (s) => `[--password ${s}]`,
  (s) => `- --token\n- ${s}`,
  (s) => `docker login -u robot -p ${s} reg.io`,
  (s) => `sshpass -p ${s} ssh deploy@host`,
  (s) => `redis-cli -h cache -a ${s} ping`,
  (s) => `curl -u robot:${s} https://reg.io/v2/`,
  (s) => `["-u","robot:${s}"]`,
  (s) => `skopeo copy --dest-creds robot:${s} a b`,
  (s) => `echo ${s} | docker login --password-stdin reg.io`,
  (s) => `password: ${s}`,
  (s) => `user: admin\npass: ${s}`,
  (s) => `Username: x Password: ${s} Host: y`,
  (s) => `PASSWORD="correct horse ${s}"`,
  (s) => `REDIS_PASS=${s}`,
  (s) => `Server=db;User Id=sa;Pwd=${s};Database=shop`,
  (s) => `AccountName=x;AccountKey=${s}==;EndpointSuffix=core.windows.net`,
  (s) => `Authorization: token ${s}`,
  (s) => `Authorization: Digest username="u", realm="r", response="${s}"`,
  (s) => `"Authorization":["Bearer ${s}"]`,
  (s) => `{"name":"Authorization","value":"${s}"}`,
  (s) => `Cookie: session=${s}; theme=dark`,
  (s) => `curl -b 'session=${s}' https://x`,
  (s) => `https://user:${s}@git.example/x`,
  (s) => `https://user:pa/${s}@git.example/x`,
  (s) => `https://user:p@${s}@git.example/x`,
  (s) => `user:${s}@tcp(db:3306)/shop`,
  (s) => `jdbc:postgresql://db/shop?user=a&password=${s}`,
  (s) => `jdbc:oracle:thin:scott/${s}@db`,
  (s) =>
    `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\nMIIE${s}\n-----END RSA PRIVATE KEY-----`,
  (s) => `INFO\nMIIE${s}\nQUFBQUFB\n-----END PRIVATE KEY-----\nafter`,
  (s) => `INFO\n-----BEGIN PRIVATE KEY-----\nMII${s}`,
  (s) => `"key":"-----BEGIN EC PRIVATE KEY-----\\n${s}\\n-----END EC PRIVATE KEY-----\\n"`,
  (s) => `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n${s}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
  (s) => `{"auths":{"reg.io":{"auth" : "${s}"}}}`,
  (s) => `{\\"auths\\":{\\"reg.io\\":{\\"password\\":\\"${s}\\"}}}`,
  (s) => `\\\\\\"password\\\\\\":\\\\\\"${s}\\\\\\"`,
  (s) => `&quot;password&quot;:&quot;${s}&quot;`,
  (s) => `%22password%22%3A%22${s}%22`,
  (s) => `<password>${s}</password>`,
  (s) => `:password => "${s}"`,
  (s) => `//registry.npmjs.org/:_authToken=${s}`,
  (s) => `ENV DB_PASSWORD ${s}`,
  (s) => `--from-literal=anything=${s}`,
  (s) => `helm upgrade --set db.password=${s}`,
  (s) => `ALTER USER x WITH PASSWORD '${s}'`,
  (s) => `openssl rsa -passin pass:${s}`,
  (s) => `keytool -storepass ${s}`,
  (s) => `htpasswd -bn user ${s}`,
  (s) => `ldapsearch -D cn=x -w ${s}`,
  (s) => `https://hooks.slack.com/services/T000/B000/${s}`,
  (s) => `{"kind":"Secret","data":{"anything":"${s}"}}`,
  (s) => `apiVersion: v1\nkind: Secret\ndata:\n  anything: ${s}\ntype: Opaque`,
  (s) => `password: |\n  ${s}\nnext: x`,
  (s) => `"tokens":["${s}","b"]`,
  (s) => `client-key-data: ${s}`,
  (s) => `env["PASSWORD"]="${s}"`,
  (s) => `secret_id=${s}`,
  (s) => `https://blob.example/x?X-Amz-Security-Token=${s}&y=1`,
  (s) => `"password":"a\\"${s}"`,
  (s) => `.dockerconfigjson: ${base64(`{"auths":{"r":{"auth":"${s}"}}}`)}`,
]

/** Texts in which only the look of the secret itself tells, so one with letters and digits. */
const ofCodes: readonly Shape[] = [
  (s) => `mysql -uroot -p${s} shop`,
  (s) => `password ${s} was rejected`,
  (s) => `machine reg.io login robot password ${s}`,
  (s) => `DEPLOY_KEY=${s}`,
  (s) => `X-Api-Key: ${s}`,
  (s) => `npm config set //registry.npmjs.org/:_authToken ${s}`,
  (s) => `https://discord.com/api/webhooks/123456789/${s}`,
  (s) => `bearer ${s}`,
  (s) => `token: ${s}`,
  ...[
    'gldt-',
    'glrt-',
    'dckr_oat_',
    'AKCp8',
    'sk_live_',
    'AIzaSy',
    'ya29.',
    'hf_',
    'dop_v1_',
    'pypi-',
    'unknownvendor-',
  ].map(
    (prefix): Shape =>
      (s) =>
        `with ${prefix}${s} in it`,
  ),
  (s) => `MIIEvQIBADANBgkqhkiG9w0B/${s}+AQEFAASCBKcwggSjAgEAAoIBAQC7`,
  (s) => `a bare ${s}`,
]

/** A word of letters that stands in no other text. Numbered, so that each shape can be found again. */
export function wordOf(index: number): string {
  return `hidden${[...String(index)].map((it) => 'kqwzxvjybf'[Number(it)]).join('')}word`
}

/** 33 letters and digits, as a generator of passwords makes them; numbered too. */
export function codeOf(index: number): string {
  return `kJ8hGt2RfDe5SwQa${String(index).padStart(3, '0')}ZxCvB3nMpLoI7u`
}

/** In what forms a secret may stand in a text: as it is, and in Base64 at any offset. */
function formsOf(secret: string): readonly string[] {
  return [
    secret,
    ...['', 'x', 'xx'].map((it) =>
      Buffer.from(it + secret)
        .toString('base64')
        .slice(4, 16),
    ),
  ]
}

/** Those of the secrets that the text gives away. */
export function secretsIn(text: string, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)))
}

/** Each text, and what nobody may find in any exit. */
export const planted: readonly { readonly text: string; readonly secret: string }[] = [
  ...ofWords.map((shape, index) => ({ text: shape(wordOf(index)), secret: wordOf(index) })),
  ...ofCodes.map((shape, index) => ({ text: shape(codeOf(index)), secret: codeOf(index) })),
]
