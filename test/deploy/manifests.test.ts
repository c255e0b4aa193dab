import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { slackPath } from '../../src/slack/app.ts'
import { shortcutCallback } from '../../src/slack/listeners/entry.ts'
import { actionScopes, neededScopes, usefulScopes } from '../../src/slack/scopes.ts'

const manifest = z.object({
  features: z.object({
    slash_commands: z.array(z.object({ command: z.string(), url: z.url(), should_escape: z.boolean() })),
    shortcuts: z.array(z.object({ type: z.string(), callback_id: z.string() })),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ request_url: z.url(), bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.literal(true), request_url: z.url() }),
  }),
})

function read(name: string): z.infer<typeof manifest> {
  return manifest.parse(parse(readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')))
}

describe.each(['slack-manifest-minimal.yaml', 'slack-manifest.yaml'])('%s', (name) => {
  const { features, settings } = read(name)

  test('leads everything to the path that listens', () => {
    const urls = [
      ...features.slash_commands.map(({ url }) => url),
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ]
    expect(new Set(urls.map((url) => new URL(url).pathname))).toEqual(new Set([slackPath]))
  })

  test('names what is listened to', () => {
    expect(features.slash_commands).toMatchObject([{ command: '/imagepull', should_escape: false }])
    expect(features.shortcuts).toMatchObject([{ type: 'message', callback_id: shortcutCallback }])
    expect(settings.event_subscriptions.bot_events).toContain('app_mention')
  })
})

test('the larger manifest only adds to the smaller', () => {
  const [small, large] = ['slack-manifest-minimal.yaml', 'slack-manifest.yaml'].map(
    (name) => read(name).oauth_config.scopes.bot,
  )
  expect(large).toEqual(expect.arrayContaining(small ?? []))
  expect(small?.some((scope) => scope.endsWith(':history'))).toBe(false)
  expect(new Set(small)).toEqual(new Set(Object.keys(neededScopes)))
  expect(new Set(large)).toEqual(
    new Set([...Object.keys(neededScopes), ...Object.keys(usefulScopes), ...Object.keys(actionScopes)]),
  )
})

const rights = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  rules: z.array(z.object({ resources: z.array(z.string()), verbs: z.array(z.string()) })),
})

function documents(name: string): readonly unknown[] {
  const text = readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')
  return parseAllDocuments(text).map((it): unknown => it.toJS())
}

describe('rights', () => {
  const roles = documents('rbac-readonly.yaml').map((it) => rights.parse(it))
  const documentation = [
    'README.md',
    ...readdirSync(new URL('../../deploy/', import.meta.url)).map((it) => `deploy/${it}`),
  ]
    .filter((it) => it.endsWith('.md'))
    .map((it) => readFileSync(new URL(`../../${it}`, import.meta.url), 'utf8'))
    .join('\n')

  test('to read are get and list, and watch for pods; those of Secrets get alone, in a ClusterRole of their own', () => {
    expect(roles.map(({ metadata }) => metadata.name)).toEqual(['imagepull-readonly', 'imagepull-pull-secrets'])
    const [readonly, secrets] = roles.map(({ rules }) => rules)
    const verbs = new Set(readonly?.flatMap((rule) => rule.verbs))
    expect(verbs).toEqual(new Set(['get', 'list', 'watch']))
    expect(readonly?.filter((rule) => rule.verbs.includes('watch')).flatMap((rule) => rule.resources)).toEqual(['pods'])
    expect(readonly?.flatMap((rule) => rule.resources).filter((it) => it === 'secrets' || it === '*')).toEqual([])
    expect(secrets).toMatchObject([{ resources: ['secrets'], verbs: ['get'] }])
  })

  test('to read Secrets are bound by namespace wherever the documentation binds them', () => {
    const bindings = documentation.split('\n').filter((line) => line.includes('--clusterrole=imagepull-pull-secrets'))
    expect(bindings.length).toBeGreaterThan(0)
    expect(bindings.filter((line) => !/kubectl -n \S+ create rolebinding /.test(line))).toEqual([])
  })
})

test('the policy of probe pods looks at containers that are added later, too', () => {
  const policy = documents('probe-namespace.yaml')
    .map((it) => JSON.stringify(it))
    .find((it) => it.includes('"ValidatingAdmissionPolicy"'))
  expect(policy).toContain('"resources":["pods","pods/ephemeralcontainers"]')
  expect(policy).toContain('!has(object.spec.ephemeralContainers)')
})
