import { expect, test } from 'vitest'
import { rich } from '../../../src/slack/blocks/elements.ts'
import { text } from '../../../src/text.ts'

test.each([
  [
    'a name in the type of code',
    text`pod ${'web-5d9cf86b95-26kvf'}`,
    { text: 'web-5d9cf86b95-26kvf', style: { code: true } },
  ],
  ['a number as it is', text`after ${3}`, { text: '3' }],
  [
    'a time in the time zone of who reads it',
    text`failed ${'2026-11-25T03:32:34Z'}`,
    { type: 'date', timestamp: 1_795_577_554, fallback: '2026-11-25 03:32 UTC' },
  ],
  ['no time of a 13th month', text`${'2026-13-25T03:32:34Z'}`, { type: 'text', text: '2026-13-25T03:32:34Z' }],
  ['what only begins as a time as it is', text`${'2026-11-25T03:32:34Z!'}`, { text: '2026-11-25T03:32:34Z!' }],
  ['markup as words', text`${'<!channel> *bold*'}`, { type: 'text', text: '<!channel> *bold*' }],
])('%s', (_of, words, last) => {
  expect(rich.words(words).at(-1)).toMatchObject(last)
})
