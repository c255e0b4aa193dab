import { expect, test } from 'vitest'
import { conversation } from './support/conversation.ts'
import { whyNoRedis } from './support/redis-server.ts'
import { until } from './support/running-app.ts'
import { slackWorkspace } from './support/slack-workspace.ts'

const { maya } = slackWorkspace

// The whole program once, so that `npm test` sees it start, answer and stop. test/system has everything else.
test('over HTTP: a command, its verdict, and one more look at it', async () => {
  await using talk = await conversation({ redis: whyNoRedis === undefined })
  const { slack } = talk
  expect(await talk.ask('web-5d9cf86b95-26kvf')).toMatchObject({ status: 200, body: undefined })
  const findings = await talk.verdict(/Tag does not exist/)
  expect(findings.mentions.map(({ id }) => id)).toEqual([maya])
  await until('the root says so', () =>
    /🔴 DOWN · web/.test(
      talk
        .roots()
        .map((it) => slack.plainText(it))
        .join(),
    ),
  )
  await slack.press({ user: maya, message: findings, actionId: 'imagepull:check-again' })
  await until('it was checked again', () => /Check again/.test(slack.plainText(talk.now(findings))))
  expect(talk.roots()).toHaveLength(1)
})
