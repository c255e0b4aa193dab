import { randomInt } from 'node:crypto'

// Without 0, 1, I, L, O and U: neither mistaken for another nor part of a word. https://www.crockford.com/base32.html
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 5

/** Short enough to say aloud; 24 million of them, so that a writer who expects none of that id rarely tries twice. */
export function incidentId(random: (below: number) => number = randomInt): string {
  return Array.from({ length }, () => letters[random(letters.length)]).join('')
}
