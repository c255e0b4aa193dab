const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** Templates are never changed in place. */
const known = new WeakMap<object, string>()

/** A pod template's name: FNV-1a of 32 bits, written in letters that make no words (apimachinery's SafeEncodeString). */
export function templateHash(template: object): string {
  const before = known.get(template)
  if (before !== undefined) return before
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(JSON.stringify(template))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  }
  const name = [...String(hash)].map((digit) => letters[digit.charCodeAt(0) % letters.length]).join('')
  known.set(template, name)
  return name
}
