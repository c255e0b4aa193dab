import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { type AppAnswer, sign } from '../../src/simulator/slack/people/http.ts'

/** What was sent to the app last, once more: as Slack does that heard no answer, with a signature of its own. */
export async function deliverAgain(slack: LocalSlack): Promise<AppAnswer> {
  const post = slack.deliveries.at(-1)?.post
  if (!post) throw new Error('nothing was sent over HTTP')
  const signature = sign(post.body, slack.signingSecret, Date.now() + 1_000)
  return slack.replay({ ...post, headers: { ...post.headers, ...signature } })
}
