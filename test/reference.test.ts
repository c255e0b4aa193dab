import { expect, test } from 'vitest'
import { reference } from './support/reference.ts'

test('the reference is what the code says', async () => {
  const text = await reference()
  await expect(text).toMatchFileSnapshot('../deploy/reference.md')
  for (const line of text.split('\n').filter((it) => it.startsWith('| `'))) expect(line).not.toMatch(/\|\s*\|$/)
})
