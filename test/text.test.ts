import { expect, test } from 'vitest'
import { joinTexts, plain, text } from '../src/text.ts'

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
