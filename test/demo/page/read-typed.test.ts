import { describe, expect, test } from 'vitest'
import { readTyped } from '../../../src/demo/page/client/state/read-typed.ts'

const channel = 'C0INCIDENT'
const thread = '1763952000.000100'
const here = { channel, bot: 'imagepull' }
const act = (of: object) => ({ kind: 'act', act: { channel, ...of } })

describe('what is typed in a channel', () => {
  test.each([
    ['', undefined],
    ['  \n ', undefined],
    ['hello', act({ act: 'post', text: 'hello' })],
    ['/imagepull', act({ act: 'command', command: '/imagepull', text: '' })],
    ['/imagepull  shop/my-app -n x ', act({ act: 'command', command: '/imagepull', text: 'shop/my-app -n x' })],
    ['/imagepull a\nb', act({ act: 'command', command: '/imagepull', text: 'a\nb' })],
    ['@imagepull my-app', act({ act: 'mention', text: 'my-app' })],
    ['look, @imagepull my-app', act({ act: 'mention', text: 'look, my-app' })],
    ['@imagepull', act({ act: 'mention', text: '' })],
    ['@imagepuller is somebody else', act({ act: 'post', text: '@imagepuller is somebody else' })],
    ['me@imagepull', act({ act: 'post', text: 'me@imagepull' })],
    ['/invite @imagepull', act({ act: 'invite' })],
    ['/invite imagepull', act({ act: 'invite' })],
    // A space in front makes it text, in Slack too.
    [' /imagepull x', act({ act: 'post', text: '/imagepull x' })],
    ['/ is a slash', act({ act: 'post', text: '/ is a slash' })],
  ])('%j', (text, meant) => {
    expect(readTyped(text, here)).toEqual(meant)
  })

  test.each(['/giphy cat', '/invite @tom', '/imagepuller x'])('%s is no command here', (text) => {
    expect(readTyped(text, here)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('not a command here'),
    })
  })
})

describe('what is typed in a thread', () => {
  test.each([
    ['yes', act({ act: 'post', thread, text: 'yes' })],
    ['@imagepull again', act({ act: 'mention', thread, text: 'again' })],
  ])('%j', (text, meant) => {
    expect(readTyped(text, { ...here, thread })).toEqual(meant)
  })

  test('has no commands, and says what works instead', () => {
    expect(readTyped('/imagepull my-app', { ...here, thread })).toEqual({
      kind: 'refused',
      message: 'Slack has no commands in threads. Mention @imagepull here instead.',
      instead: '@imagepull my-app',
    })
    expect(readTyped('/giphy cat', { ...here, thread })).toMatchObject({ kind: 'refused' })
  })
})
