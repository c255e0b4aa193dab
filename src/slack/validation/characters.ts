import { z } from 'zod'

/** A text of so many code points: a length in UTF-16 would count most emoji twice. */
export function characters(maximum: number, minimum = 1): z.ZodString {
  return z.string().check((context) => {
    const length = [...context.value].length
    const issue = { origin: 'string', inclusive: true, input: context.value } as const
    if (length > maximum) context.issues.push({ ...issue, code: 'too_big', maximum })
    if (length < minimum) context.issues.push({ ...issue, code: 'too_small', minimum })
  })
}
