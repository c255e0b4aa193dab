import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { postSchema, wordsOf } from '../../src/alertmanager/post.ts'
import { createPostReader, createWebhookReader } from '../../src/cli/read/alerts.ts'
import { createTargetReader } from '../../src/cli/read/texts.ts'
import { guessTarget } from '../../src/target/guess.ts'

// Re-typed from public templates of Alertmanager and Grafana, from tools' own posts, and from what people paste in issues.
const fixtures = new URL('../fixtures/alerts/', import.meta.url)

function read<T>(name: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')))
}

const posts = read(
  'posts.json',
  z.array(z.object({ of: z.string(), post: z.unknown(), alerts: z.array(z.array(z.string())) })),
)
const alertsSchema = z.object({
  alerts: z.array(z.object({ status: z.string(), means: z.array(z.string()) })).default([]),
})

describe('posts: whether each alert fires, and which failures it means', () => {
  const failing = new URL('failing.json', fixtures).pathname
  test.each(posts)('$of', async ({ post, alerts }) => {
    const reader = await createPostReader({ explain: false, failing })
    const told = alertsSchema.parse(await reader(post)).alerts.map((it) => [it.status, ...it.means.toSorted()])
    expect(told.toSorted()).toEqual(alerts.toSorted())
  })
})

const elsewhere = read(
  'posts-of-two-clusters.json',
  z.array(z.object({ of: z.string(), post: z.unknown(), alerts: z.array(z.array(z.string())) })),
)

describe('posts of two clusters, with the rules of workloads', () => {
  const failing = new URL('failing-in-two-clusters.json', fixtures).pathname
  const workloads = ['Deployment', 'StatefulSet'].map((it) => `Kube${it}ReplicasMismatch`)
  const others = ['KubeDeploymentRolloutStuck', 'KubeDaemonSetRolloutStuck', 'KubeJobFailed', 'ImagePullBackOff']
  const names = ['KubePodNotReady', 'KubeContainerWaiting', ...workloads, ...others].join(',')
  test.each(elsewhere)('$of', async ({ post, alerts }) => {
    const reader = await createPostReader({ explain: false, failing, names })
    const told = alertsSchema.parse(await reader(post)).alerts.map((it) => [it.status, ...it.means.toSorted()])
    expect(told.toSorted()).toEqual(alerts.toSorted())
  })
})

const answer = z.union([z.string(), z.array(z.unknown())])
const bodies = read('bodies.json', z.array(z.object({ of: z.string(), body: z.unknown(), answer })))

describe('bodies that are posted to the webhook', () => {
  const reader = createWebhookReader({ explain: false })
  test.each(bodies)('$of', async ({ body, answer: expected }) => {
    const told = await reader(body)
    expect(told).toEqual(
      typeof expected === 'string' ? { [expected]: expect.stringMatching(/\w/) } : { alerts: expected },
    )
  })
})

const typed = read(
  'typed.json',
  z.array(
    z.object({
      text: z.string(),
      target: z.unknown().optional(),
      error: z.literal(true).optional(),
      guess: z.literal(true).optional(),
      clusters: z.string().optional(),
    }),
  ),
)

describe('what people type and paste', () => {
  test.each(typed)('$text', async ({ text, target, error, guess, clusters }) => {
    const reader = createTargetReader({ explain: false, guess, clusters })
    expect(await reader(text)).toMatchObject(error ? { error: expect.stringMatching(/\w/) } : { target })
  })
})

test('the shortcut guesses what a post means, from its attachments and blocks, too', () => {
  const one = posts.filter(({ alerts }) => alerts.length === 1 && alerts[0]?.[1] === 'app')
  const guesses = one.map(({ of, post }) => [of, guessTarget(wordsOf(postSchema.parse(post)))?.name])
  const wrong = guesses.filter(([, name]) => !['my-app', 'my-app-5d9cf86b95-26kvf'].includes(name ?? ''))
  expect(wrong).toEqual([])
})
