import { setImmediate } from 'node:timers/promises'
import { parsePayload, readPayload } from '../../src/alertmanager/payload.ts'
import { postSchema, readPost } from '../../src/alertmanager/post.ts'
import { classifyBuildLog } from '../../src/builds/log/classify.ts'
import { toLogLines } from '../../src/builds/log/read.ts'
import { recogniseBuilds } from '../../src/builds/recognise.ts'
import { resources } from '../../src/kubernetes/resources.ts'
import { read } from '../../src/messages/read.ts'
import { matchCredentials, readPullSecret } from '../../src/registry/auth/keyring.ts'
import { nearestRepositories } from '../../src/registry/nearest.ts'
import { redact, redactLong } from '../../src/secret.ts'
import { guessTarget } from '../../src/target/guess.ts'
import { parseTarget } from '../../src/target/parse.ts'

// Run by `npm run bench`. Prints for each reader of untrusted text how long the worst of many hostile inputs blocks the event
// loop: milliseconds of processor time between two turns.

const pieces = [
  ...['a', ' ', '\n', '"', '\\', '{', '(', '/', ':', '=', '*', '@', '$A', '`', 'a/', 'a-', '%41', '<a|', '- ', '${X:-'],
  ...['password: ', '"name":"password"', 'token ', '-u a:b ', 'login -p ', '://a:b@', 'authorization: basic ', 'eyJa.'],
  ...['-----END PRIVATE KEY-----', 'kind: Secret\ndata:\n a: b\n', 'echo ', '| base64 ', 'htpasswd -b ', 'bearer '],
  ...['docker push ', 'docker build -t $A .;', 'for i in a b c d;do docker push r/$i;done;', 'sh -c "', 'executor '],
  ...['[FIRING:1] ', 'pod: ', 'namespace=', 'failed to pull image "', 'lookup ', 'status ', 'https://a/', 'scope='],
]
const length = 256 * 1_024
const rules = {
  ...{ names: new Set(['KubePodNotReady']), reasons: new Set(['ErrImagePull']), clusterLabel: 'cluster', labels: [] },
  ...{ clusters: new Set(['prod']), patterns: ['{cluster}-{namespace}-{pod} failed'] },
}
const now = new Date('2026-11-24T03:13:00Z')
const place = { channel: 'C0INCIDENT', ts: '1763952000.000100' }

/** Texts of one piece, and of two that alternate. */
const texts = pieces.flatMap((piece, index) => {
  const pair = piece + (pieces[(index * 7 + 3) % pieces.length] ?? '')
  return [piece, pair].map((unit) => unit.repeat(Math.ceil(length / unit.length)))
})

function podOf(containers: readonly object[]) {
  const named = containers.map((it, index) => ({ name: `c${index}`, image: 'kaniko', ...it }))
  return resources.pods.schema.parse({ metadata: { name: 'x' }, spec: { containers: named } }).spec
}

function secretOf(key: (index: number) => string): string {
  const entries = Array.from({ length: 20_000 }, (_, index) => [key(index), { auth: 'dTpw' }])
  return Buffer.from(JSON.stringify({ auths: Object.fromEntries(entries) })).toString('base64')
}

const env = [{ name: 'A', value: 'x '.repeat(8_000) }]
const pods = texts.flatMap((text) => [
  podOf(Array.from({ length: 50 }, () => ({ command: ['sh', '-c', text.slice(0, 30_000)], env }))),
  podOf([{ args: Array.from({ length: 1_000 }, () => text.slice(0, 200)), env }]),
])
const secrets = [
  (n: number) => `r${n}.io/a/b`,
  (n: number) => `${'*.'.repeat(10)}${n}`,
  (n: number) => `r${n}.io/%41%41`,
]

const readers: Readonly<Record<string, readonly (() => unknown)[]>> = {
  'a text that is redacted': texts.map((text) => () => redact(text)),
  'a log of 256 KiB that is redacted': texts.map((text) => () => redactLong(text)),
  'the log of a build': texts.map((text) => async () => classifyBuildLog(await toLogLines(text.slice(0, 65_536)))),
  'a pod that may build': pods.map((pod) => () => recogniseBuilds(pod)),
  'a pull secret of 20,000 keys': secrets.map((key) => async () => {
    const data = { '.dockerconfigjson': secretOf(key) }
    await setImmediate()
    const secret = await readPullSecret('secret a/b', 'kubernetes.io/dockerconfigjson', data)
    return matchCredentials([secret], { host: 'r.io', repository: 'app' })
  }),
  'a message of a kubelet': texts.map((text) => () => read(text)),
  'an alert post': texts.map(
    (text) => () => readPost(postSchema.parse({ text, attachments: [{ text }] }), place, now, rules),
  ),
  'a webhook': texts.map((text) => () => {
    const labels = { alertname: 'KubePodNotReady', namespace: text, pod: text }
    const parsed = parsePayload({ alerts: [{ status: 'firing', labels, annotations: { a: text } }], version: '4' })
    return parsed.valid && readPayload(parsed.payload, rules, now)
  }),
  'a target that was typed': texts.map((text) => () => [parseTarget(text, ['prod']), guessTarget(text, ['prod'])]),
  'a catalogue of 100,000 names': [() => nearestRepositories('team/app', names)],
}
const names = Array.from({ length: 100_000 }, (_, index) => `team-${index}/app`)

/** Returns the longest time between two turns of the event loop, in milliseconds of this thread's processor time. */
async function longestBlock(work: () => unknown): Promise<number> {
  let longest = 0
  let last = process.threadCpuUsage()
  const note = (): void => {
    const { user, system } = process.threadCpuUsage(last)
    longest = Math.max(longest, (user + system) / 1_000)
    last = process.threadCpuUsage()
  }
  let isOver = false
  const turns = (async () => {
    while (!isOver) {
      await setImmediate()
      note()
    }
  })()
  await setImmediate()
  last = process.threadCpuUsage()
  await work()
  note()
  isOver = true
  await turns
  return longest
}

console.log('| hostile input | inputs | longest block |\n|---|---|---|')
for (const [name, works] of Object.entries(readers)) {
  await longestBlock(works[0] ?? (() => undefined)) // compiled
  let worst = 0
  for (const work of works) worst = Math.max(worst, await longestBlock(work))
  console.log(`| ${name} | ${works.length} | ${worst.toFixed(0)} ms |`)
}
console.log()
