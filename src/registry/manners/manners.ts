import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Credential } from '../auth/keyring.ts'
import type { LoggedIn } from '../auth/login.ts'
import { type Answers, createAnswers } from './answers.ts'
import { createPace, type Pace, type PaceOptions } from './pace.ts'

/** What all registry clients of a process share, so that 500 equal diagnoses ask a registry as little as one does. */
export interface Manners {
  readonly answers: Answers
  readonly pace: Pace
  readonly logins: Logins
  /** The same for the same user name and password, wherever they come from, and of no use to anybody else. Empty: nobody. */
  fingerprint(credential: Credential | undefined): string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Tokens of registries until they expire. */
export interface Logins {
  get(key: string): KnownLogin | undefined
  set(key: string, login: LoggedIn): void
  delete(key: string): void
}

/** `isNew`: it was made for the question that is being asked, so that a 401 is no matter of its age. */
export interface KnownLogin extends LoggedIn {
  readonly isNew: boolean
}

const mostLogins = 2_000
/** Milliseconds before its end at which a token is no longer used, and within which a login counts as new. */
const ages = { margin: 5_000, new: 10_000 } as const

export function createManners(options: PaceOptions = {}): Manners {
  const { now = Date.now } = options
  const key = randomBytes(32)
  return {
    answers: createAnswers(now),
    pace: createPace(options),
    logins: createLogins(now),
    fingerprint: (credential) =>
      credential
        ? createHmac('sha256', key)
            .update(`${credential.username}\0${credential.password.reveal()}`)
            .digest('base64url')
        : '',
    now,
  }
}

function createLogins(now: () => number): Logins {
  const known = new LRUCache<string, { readonly login: LoggedIn; readonly made: number }>({
    max: mostLogins,
    ttlResolution: 0,
    perf: { now },
  })
  return {
    get(key) {
      const found = known.get(key)
      return found && { ...found.login, isNew: now() - found.made < ages.new }
    },
    set(key, login) {
      known.set(key, { login, made: now() }, { ttl: Math.max(1, login.lasts * 1_000 - ages.margin) })
    },
    delete: (key) => void known.delete(key),
  }
}
