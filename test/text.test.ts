import { expect, test } from 'vitest'
import { joinTexts, plain, text, visible } from '../src/text.ts'

test('interpolations stay data', () => {
  expect(text`Tag ${'1.0'} of ${3}`).toEqual({ parts: ['Tag ', { data: '1.0' }, ' of ', { data: '3' }] })
})

test('a nested text keeps its literals', () => {
  expect(text`${text`a ${'b'}`}!`).toEqual({ parts: ['a ', { data: 'b' }, '!'] })
})

test('texts are joined with a literal', () => {
  expect(plain(joinTexts([text`a`, text`${'b'}`], ', '))).toBe('a, b')
})

test('data loses what a reader cannot see, such as escape sequences and direction marks', () => {
  expect(plain(text`pod ${'a\u001b[31m\nb\u202ec'}`)).toBe('pod a [31m b c')
})

test.each([
  ['a bidirectional mark of Arabic', '\u061c'],
  ['tags', '\u{e0041}\u{e007f}'],
  ['fillers of Hangul', '\u115f\u1160\u3164\uffa0'],
  ['a soft hyphen', '\u00ad'],
  ['a grapheme joiner', '\u034f'],
  ['vowels of Khmer without a shape', '\u17b4\u17b5'],
  ['selectors of variation', '\ufe01\u{e0100}\u180b'],
  ['the first half of a pair', '\ud83d'],
  ['the second half of a pair', '\ude00'],
  ['annotations between lines', '\ufff9\ufffb'],
])('nobody is deceived by %s', (_name, hidden) => {
  expect(visible(`web${hidden}api`)).toBe('web api')
})

test('letters of every script and whole pairs stay', () => {
  expect(visible('naïve 한국어 العربية 😀 ❤\ufe0f 日本語')).toBe('naïve 한국어 العربية 😀 ❤\ufe0f 日本語')
})
