import type { z } from 'zod'
import type { Platform } from '../platform.ts'
import type { Tier } from '../rate-limiter.ts'
import { Refusal } from '../refusal.ts'
import type { Scope } from '../scope.ts'

export type Arguments = Readonly<Record<string, unknown>>
/** What stands beside `ok: true`. */
export type Answer = Readonly<Record<string, unknown>>

/** A method of the Web API. */
export interface Method {
  readonly tier: Tier
  readonly token: 'bot' | 'app' | 'none'
  /** Needed whatever the arguments say. */
  readonly scope?: Scope
  /** Throws Refusal. */
  answer(platform: Platform, args: Arguments): Answer
}

export interface MethodSpec<Schema extends z.ZodType> {
  readonly tier: Tier
  readonly token?: Method['token']
  readonly scope?: Scope
  readonly args: Schema
  run(platform: Platform, args: z.infer<Schema>): Answer
}

/** A method whose arguments are parsed first. A wrong or unknown one is `invalid_arguments`. */
export function method<Schema extends z.ZodType>({ args, run, token = 'bot', ...rest }: MethodSpec<Schema>): Method {
  return {
    ...rest,
    token,
    answer(platform, given) {
      const parsed = args.safeParse(given)
      if (parsed.success) return run(platform, parsed.data)
      const messages = parsed.error.issues.map(
        (issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
      )
      throw new Refusal('invalid_arguments', { response_metadata: { messages } })
    },
  }
}
