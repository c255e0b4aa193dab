/** One way to log in that a server offers: RFC 9110, section 11.6.1. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

// A token (RFC 9110, 5.6.2), then "=" and a token or a quoted string; or a scheme alone.
const part = /\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?\s*(,?)/gy
const headerLimit = 4_096

/** All challenges of one WWW-Authenticate header, in their order. What does not parse ends the list; never throws. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  for (const [, name = '', quoted, plain] of header.slice(0, headerLimit).matchAll(part)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    const current = challenges.at(-1)
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: Object.create(null) })
    else if (current) current.parameters[name.toLowerCase()] = value
  }
  return challenges
}
