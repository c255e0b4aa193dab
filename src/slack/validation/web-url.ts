import type { z } from 'zod'
import { characters } from './characters.ts'

/** An absolute address that a browser or Slack may open. */
export function webUrl(maximum: number): z.ZodString {
  return characters(maximum).refine((url) => /^(https?|mailto|slack):/.test(url) && URL.canParse(url), {
    error: 'invalid_url',
  })
}
