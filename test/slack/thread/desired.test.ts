import { describe, expect, test } from 'vitest'
import type { AffectedWorkload, Incident } from '../../../src/incidents/incident.ts'
import { transition } from '../../../src/incidents/transition.ts'
import { validateHouseRules, validateMessage, validateView } from '../../../src/simulator/slack/validation/validate.ts'
import { detailsView } from '../../../src/slack/blocks/details.ts'
import { type DesiredMessage, type Forms, threadMessages } from '../../../src/slack/thread/desired.ts'
import { text } from '../../../src/text.ts'
import { at, containerOf, diagnosisOf, failureOf, freshIncident, verdictOf } from '../../support/incident-samples.ts'
import { readBlocks } from '../../support/read-blocks.ts'

const later = '2026-11-24T03:14:00.000Z'
const forms: Forms = { plan: 'plan', details: 'container' }

function messages(
  incident: Incident,
  of: Partial<Parameters<typeof threadMessages>[1]> = {},
): readonly DesiredMessage[] {
  const all = threadMessages(incident, { forms, begun: 1, shared: false, ...of })
  for (const { key, text: words, blocks } of all) {
    const payload = { channel: 'C0INCIDENTS', text: words, blocks }
    expect([...validateMessage(payload), ...validateHouseRules(payload)], key).toEqual([])
  }
  return all
}

function asked(): Incident {
  return transition(freshIncident(), { what: 'asked', at: later, by: 'U0MAYA0000', request: 'r1' })
}

function diagnosed(before = asked(), diagnosis = diagnosisOf()): Incident {
  const running = transition(before, { what: 'check-began', at: later })
  return transition(running, { what: 'diagnosed', at: later, diagnosis, took: 2_800 })
}

function words(of: readonly DesiredMessage[], key: string): string {
  const message = of.find((it) => it.key === key)
  return message ? readBlocks([...message.blocks]) : ''
}

describe('the thread of the example that was never built', () => {
  test('begins with a root and a plan', () => {
    const all = messages(asked())
    expect(all.map(({ key }) => key)).toEqual(['root', 'plan'])
    expect(words(all, 'root')).toMatch(/^🔵 WORKING · cortex-chat-backend-simple\n/)
    expect(words(all, 'plan')).toBe('Checking\nin_progress: Reading the pod\n')
  })

  test('then says what it is, whom it hurts, why, and what to do', () => {
    const all = messages(diagnosed())
    expect(all.map(({ text: line }) => line)[0]).toBe(
      'Image never built: cortex-chat-backend-simple. DOWN, 0 of 1 ready since 02:58 UTC. prod-eu',
    )
    expect(words(all, 'root')).toMatchInlineSnapshot(`
      "🔴 DOWN · cortex-chat-backend-simple: image never built
      0 of 1 ready since {02:58 UTC} · prod-eu / cortex-chat
      Waiting for a decision · incident 7Q4KM · checked <!date^1795490040^{time}|03:14 UTC>
      "
    `)
    expect(words(all, 'findings-1')).toMatchInlineSnapshot(`
      "@U0MAYA0000 Image never built. 10.43.170.72:5000/cortex-chat-backend-simple:latest is not in the registry, and nothing in this cluster builds it. (proven)
      Impact: DOWN, 0 of 1 ready: no pod serves, since {02:58 UTC}.
      Why:
      • the registry has 6 repositories, and not this one (proven)
      • none of 23 builds among 40 Jobs and CronJobs pushes it (proven)
      Do now: Commit a build Job as apps/cortex-chat/cortex-chat-backend-simple-build.yaml
      [Check again] [… [All details] [Verdict is wrong]]
      ▸ Evidence 2 · What to do 3 · How to verify · Not checked 1
      Evidence
      • the registry has 6 repositories, and not this one (proven; GET http://10.43.170.72:5000/v2/_catalog)
      • none of 23 builds among 40 Jobs and CronJobs pushes it (proven; API server: list jobs and cronjobs in all namespaces)
      What to do
      • Commit a build Job as apps/cortex-chat/cortex-chat-backend-simple-build.yaml
      • See what builds there are
          kubectl -n cortex-chat get jobs
      How to verify
          kubectl -n cortex-chat rollout status deployment/cortex-chat-backend-simple
      Prevention
      • Pin a tag that does not move, or a digest, instead of latest.
      Not checked
      • pull-secrets: not allowed (get secrets in cortex-chat)
      Pod and images
      • pod cortex-chat/cortex-chat-backend-simple-5d9cf86b95-26kvf of Deployment cortex-chat-backend-simple
      • on node-2, cluster prod-eu
      • image 10.43.170.72:5000/cortex-chat-backend-simple:latest
      Timeline
      • 2026-11-24 03:14:00 UTC check requested
      • 03:14:00 UTC verdict: Image never built
      incident 7Q4KM · Checked 2 things in 2.8 s, 1 not possible, <!date^1795490040^{time_secs}|03:14 UTC> · prod-eu
      "
    `)
  })

  test('calls only the one who asked by name', () => {
    const [, , findings] = messages(diagnosed())
    expect(JSON.stringify(findings?.blocks)).toContain('{"type":"user","user_id":"U0MAYA0000"}')
  })

  test('shows who pressed what in the place of the buttons', () => {
    const pressed = transition(diagnosed(), { what: 'asked', at: later, by: 'U0BEN00000', request: 'r2' })
    const findings = words(messages(pressed), 'findings-1')
    expect(findings).toContain('🔵 Check again · <@U0BEN00000>')
    expect(findings).not.toContain('[Check again]')
  })

  test('ends with what was verified', () => {
    const proof = [text`Deployment ${'web'}: 1 of 1 ready for a minute`]
    const fixed = transition(diagnosed(), { what: 'ended', at: later, how: 'fixed', proof })
    const all = messages(fixed)
    expect(all.map(({ key }) => key)).toEqual(['root', 'plan', 'ended'])
    expect(words(all, 'root')).toContain('✅ FIXED · cortex-chat-backend-simple')
    expect(words(all, 'root')).toContain('lasted 16 min')
    expect(words(all, 'ended')).toBe(
      'Fixed and verified.\n• Deployment web: 1 of 1 ready for a minute\nPrevention:\n• Pin a tag that does not move, or a digest, instead of latest.\n',
    )
  })
})

test.each<[string, (incident: Incident) => Incident, RegExp]>([
  [
    'gone',
    (it) => transition(it, { what: 'ended', at: later, how: 'gone', proof: [text`Deployment web is deleted`] }),
    /^⚪ GONE · .*\nDeployment web is deleted/,
  ],
  [
    'gone, before another look at the cluster has confirmed it',
    (it) => ({
      ...it,
      alertsFiring: 0,
      affected: { ...it.affected, workloads: it.affected.workloads.map((of) => ({ ...of, state: 'gone' as const })) },
    }),
    /^⚪ GONE · .*\n.*\nMaking sure that no pod is left · incident \w+ · checked [^·]*$/,
  ],
  [
    'joined',
    (it) => transition(it, { what: 'joined', at: later, into: 'ABCDE' }),
    /^⚪ JOINED · .*\nPart of incident ABCDE/,
  ],
  [
    'healing',
    (it) => transition(it, { what: 'not-failing', at: later, diagnosis: diagnosisOf({ failing: [] }), took: 1 }),
    /Watching it recover/,
  ],
  [
    'interrupted',
    (it) => transition(transition(it, { what: 'check-began', at }), { what: 'check-began', at: later }),
    /interrupted .*, resumed/,
  ],
])('the root says that it is %s', (_of, step, says) => {
  expect(words(messages(step(diagnosed())), 'root')).toMatch(says)
})

test('the root says that it recovers before that is certain', () => {
  const open = diagnosed()
  const [workload] = open.affected.workloads
  if (!workload) throw new Error('the sample has a workload')
  const affected = {
    ...open.affected,
    failing: 0,
    workloads: [{ ...workload, state: 'recovering' as const, failing: 0 }],
  }
  const all = messages({ ...open, affected })
  expect(words(all, 'root')).toMatch(/^🔵 RECOVERING · .*\n0 of 1 ready since [^\n]*\nWatching it recover/)
  expect(words(all, 'findings-1')).toContain('no pod is failing to pull now')
})

test('the root says why nothing could be checked', () => {
  const failed = transition(asked(), { what: 'check-failed', at: later, reason: text`the API server does not answer` })
  expect(words(messages(failed), 'root')).toMatch(/^⚪ NOT CHECKED · .*\nthe API server does not answer/)
})

test('nobody is told of what healed before anybody was told', () => {
  const quiet = { ...asked(), announce: { from: later, passingFrom: later } }
  expect(messages(transition(quiet, { what: 'ended', at: later, how: 'fixed', proof: [] }))).toEqual([])
})

test('a root that was deleted says so when it begins anew', () => {
  expect(words(messages(diagnosed(), { begun: 2 }), 'root')).toContain('the message before this one was deleted')
})

test('a channel that was shared meanwhile is told nothing more', () => {
  const all = messages(diagnosed(), { shared: true })
  expect(all.map(({ key }) => key)).toEqual(['root'])
  expect(words(all, 'root')).toContain('now shared with another organisation')
})

describe('another channel in which somebody asked', () => {
  const elsewhere = { ...diagnosed(), echoes: ['C0OTHER0000'] }

  test('gets a link', () => {
    const all = messages(elsewhere, { link: 'https://example.slack.com/archives/C0INCIDENTS/p1' })
    expect(all.at(-1)).toMatchObject({ key: 'echo-C0OTHER0000', channel: 'C0OTHER0000' })
    expect(words(all, 'echo-C0OTHER0000')).toContain('See the thread')
  })

  test('and no names where the home is private', () => {
    const echo = messages(elsewhere).at(-1)
    const all = `${echo?.text} ${readBlocks([...(echo?.blocks ?? [])])}`
    expect(all).toContain('Image never built')
    expect(all).not.toContain('cortex-chat')
  })
})

describe('a workspace that refuses new blocks', () => {
  const plainer: Forms = { plan: 'lines', details: 'window' }

  test('gets the plan as lines, and the details in a window', () => {
    const all = messages(diagnosed(), { forms: plainer })
    expect(words(all, 'plan')).toMatch(/^Checked 2 things in 2.8 s, 1 not possible/)
    expect(words(all, 'findings-1')).toContain('[Details]')
    expect(JSON.stringify(all)).not.toMatch(/"type":"(?:container|plan|task_card)"/)
  })

  test('where nothing is missing', () => {
    const view = detailsView(diagnosed())
    expect(validateView(view)).toEqual([])
    const shown = readBlocks(view.blocks)
    for (const part of [
      'Evidence',
      'What to do',
      'How to verify',
      'Prevention',
      'Not checked',
      'Pod and images',
      'Timeline',
    ])
      expect(shown).toContain(part)
  })
})

describe('what does not fit', () => {
  const long = 'a'.repeat(253)
  const message = 'x '.repeat(2_000)

  test('names of 253 characters, and words without end', () => {
    const diagnosis = diagnosisOf({
      target: {
        ...diagnosisOf().target,
        pod: long,
        namespace: long.slice(0, 63),
        owner: { kind: 'Deployment', name: long },
      },
      failing: [
        containerOf({
          image: `${long}/${long}:${'t'.repeat(128)}`,
          verdict: verdictOf({
            summary: text`${long} is not in ${long}, says ${message}`,
            because: Array.from({ length: 40 }, () => ({
              says: text`the kubelet says: ${message}`,
              source: long,
              confidence: 'proven' as const,
            })),
            remedies: [{ kind: 'command', title: text`Look at ${long}`, argv: ['kubectl', 'get', long, message] }],
          }),
        }),
      ],
    })
    const failure = failureOf({
      workload: { kind: 'Deployment', name: long, key: long },
      pod: long,
      image: `${long}/${long}`,
    })
    const incident = diagnosed({ ...asked(), cluster: long, subject: failure }, diagnosis)
    for (const form of [forms, { plan: 'lines', details: 'window' } as const]) {
      const all = messages(incident, { forms: form })
      const open = all.find(({ key }) => key === 'findings-1')?.blocks.filter(({ type }) => type === 'rich_text')
      expect(readBlocks(open).length).toBeLessThan(1_000)
    }
    expect(validateView(detailsView(incident))).toEqual([])
  })

  test('fifty containers: three by name, the others counted', () => {
    const failing = Array.from({ length: 50 }, (_, index) => containerOf({ container: `worker-${index}` }))
    const findings = words(messages(diagnosed(asked(), diagnosisOf({ failing }))), 'findings-1')
    expect(findings).toContain('worker-0, worker-1, worker-2, 47 more, same cause')
  })

  test.each([
    ['registry', 'STUCK · registry 10.43.170.72:5000'],
    ['node', 'STUCK · node-2'],
    ['namespace', 'STUCK · cortex-chat at 10.43.170.72:5000'],
    ['image', 'STUCK · cortex-chat-backend-simple:latest'],
    [undefined, 'STUCK · cortex-chat-backend-simple:latest'],
  ] as const)('several workloads are named by what they have in common: %s', (about, shown) => {
    const open = diagnosed()
    const incident = { ...open, about, affected: { ...open.affected, more: 2 } }
    expect(words(messages(incident), 'root')).toContain(shown)
  })

  test('two hundred workloads: those that are down first, ten of them', () => {
    const workloads = Array.from(
      { length: 200 },
      (_, index): AffectedWorkload => ({
        namespace: 'shop',
        kind: 'Deployment',
        name: `${'web-'.repeat(60)}${index}`,
        impact: index < 3 ? 'down' : 'serving',
        ready: index < 3 ? 0 : 2,
        desired: 2,
        failing: 1,
        state: 'failing',
      }),
    )
    const affected = { workloads, more: 5, failing: 205, pods: 205, nodes: 6, allNodes: 6 }
    const all = messages({ ...diagnosed(), affected })
    expect(words(all, 'root')).toContain('🔴 3 DOWN, 202 STUCK')
    expect(words(all, 'root')).toContain('205 pods · 205 workloads · 6 of 6 nodes')
    const findings = words(all, 'findings-1')
    expect(findings).toContain('Affected: the first 10 of 205')
    expect(findings.match(/DOWN Deployment/g)).toHaveLength(3)
  })
})

describe('what a cluster or a registry wrote', () => {
  const hostile = [
    '<!channel>',
    '<@U0VICTIM00>',
    '<https://evil.example|Fix>',
    '*bold* _it_ `code` ```',
    '\u202Egnp.exe',
    'a\u0000b\nc',
  ]

  test.each(hostile)('stays words: %j', (words_) => {
    const verdict = verdictOf({
      title: 'Tag missing',
      summary: text`${words_}`,
      because: [{ says: text`the kubelet says: ${words_}`, source: words_, confidence: 'proven' }],
      remedies: [{ kind: 'action', title: text`${words_}` }],
    })
    const failure = failureOf({
      workload: { kind: words_, name: words_, key: words_ },
      image: words_,
      host: words_,
      node: words_,
    })
    const incident = diagnosed(
      { ...asked(), cluster: words_, subject: failure },
      diagnosisOf({ failing: [containerOf({ verdict, container: words_ })] }),
    )
    for (const { text: line, blocks } of messages(incident)) {
      expect(line).not.toMatch(/<[!@#h]/)
      expect(markup([...blocks]).join('\n')).not.toMatch(/<!channel|U0VICTIM|evil\.example/)
      expect(JSON.stringify(blocks)).not.toMatch(/\\u202e|\\u0000/i)
    }
  })
})

/** Every text that Slack reads as markup, and every element that is a mention or a link. */
function markup(block: unknown): readonly string[] {
  if (Array.isArray(block)) return block.flatMap(markup)
  if (typeof block !== 'object' || block === null) return []
  const of = block as Record<string, unknown>
  const own = of.type === 'mrkdwn' || ['user', 'usergroup', 'broadcast', 'link', 'channel'].includes(String(of.type))
  return [...(own ? [JSON.stringify(of)] : []), ...Object.values(of).flatMap(markup)]
}
