import { expect, test } from 'vitest'
import { actionReplies } from '../../src/slack/action-replies.ts'
import { readBlocks } from '../support/read-blocks.ts'

test('a person without permission learns who has it, and can ask them', () => {
  const { blocks } = actionReplies.noRights(
    'Rerun build',
    'shop',
    { groups: [], users: ['U0ADA00000'], anybody: false },
    'offer-1',
  )
  expect(readBlocks([...blocks])).toMatch(/^Rerun build in shop is for @U0ADA00000\.\n\[Ask them\]/)
})

test('where nobody has permission, the reply says so and offers nobody to ask', () => {
  const { blocks } = actionReplies.noRights('Rerun build', 'shop', { groups: [], users: [], anybody: false }, 'offer-1')
  expect(readBlocks([...blocks]).trim()).toBe(
    'Nobody has permission to use Rerun build in shop. Whoever runs imagepull can grant it.',
  )
})
