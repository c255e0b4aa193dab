import { randomInt } from 'node:crypto'

/** No vowels and no digits that look like letters: k8s.io/apimachinery/pkg/util/rand. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** Of a generated name. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}
