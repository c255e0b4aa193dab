import { z } from 'zod'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { type AppAnswer, sign } from '../../src/simulator/slack/people/http.ts'
import type { Message } from '../../src/simulator/slack/workspace/records.ts'

/** What is put in the place of what Slack would say. */
export interface Forged {
  readonly user: string
  readonly action?: string
  readonly value?: string
  readonly team?: string
  readonly channel?: string
}

const payloadSchema = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  team: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string() }),
  actions: z.tuple([z.looseObject({ action_id: z.string(), value: z.string(), action_ts: z.string() })]),
})

/** Presses of a message's [Check again] that say otherwise than the button, also when it is gone, rightly signed. */
export async function forgePress(
  slack: LocalSlack,
  { message, user }: { readonly message: Message; readonly user: string },
): Promise<(forged: Forged) => Promise<AppAnswer>> {
  // The app refuses the real one, whose signature is wrong, so that only the forged ones count.
  await slack.press({ user, message, actionId: 'imagepull:check-again' }, { secret: 'of-somebody-else-entirely' })
  const body = slack.deliveries.findLast(({ kind }) => kind === 'interactive')?.post?.body ?? ''
  const payload = payloadSchema.parse(JSON.parse(new URLSearchParams(body).get('payload') ?? ''))
  const [action] = payload.actions
  let count = 0
  return ({ user, action: name, value = action.value, team = payload.team.id, channel = payload.channel.id }) => {
    const { response_url: _, ...rest } = payload // it is of the one who pressed
    const changed = {
      ...rest,
      user: { ...payload.user, id: user },
      team: { ...payload.team, id: team },
      channel: { ...payload.channel, id: channel },
      actions: [
        {
          ...action,
          value,
          action_ts: `${action.action_ts}${count++}`,
          ...(name && { action_id: `imagepull:${name}` }),
        },
      ],
    }
    const form = new URLSearchParams({ payload: JSON.stringify(changed) }).toString()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return slack.replay({ headers: { ...type, ...sign(form, slack.signingSecret, Date.now()) }, body: form })
  }
}
