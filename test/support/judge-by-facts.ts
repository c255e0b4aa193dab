import type { Cause, Verdict } from '../../src/diagnosis/cause.ts'
import type { Check, Observation } from '../../src/diagnosis/check.ts'
import { createRun } from '../../src/diagnosis/run.ts'
import { read } from '../../src/messages/read.ts'
import type { Kind } from '../../src/messages/row.ts'
import { message, names, reference } from '../../src/playbooks/image-pull/checks/pod.ts'
import type { ContainerPull } from '../../src/playbooks/image-pull/inputs.ts'
import type { PullFinding } from '../../src/playbooks/image-pull/model.ts'
import { parseReference } from '../../src/registry/reference.ts'
import type { Asked, Found, Refusal } from '../../src/registry/registry.ts'

/** What one cause makes of facts, by the ids of their checks. An Error's message is why a fact is unknown, with its `code` where it has one. */
export function judgeByFacts(
  cause: Cause<Kind, PullFinding>,
  facts: Readonly<Record<string, unknown>>,
): Promise<Verdict<PullFinding>> {
  const recall = (_path: string, id: string): Observation<unknown> => {
    const fact = facts[id]
    if (fact instanceof Error) {
      const code = 'code' in fact && typeof fact.code === 'string' ? fact.code : undefined
      return { known: false, reason: fact.message, ...(code && { code }) }
    }
    return id in facts ? { known: true, value: fact } : { known: false, reason: `the test has no ${id}` }
  }
  const defect = (_where: unknown, error: unknown): never => {
    throw error
  }
  return cause.judge(createRun({ signal: new AbortController().signal, recall, defect }))
}

/** The answer of one check, or why it is unknown. */
export interface Fact {
  readonly id: string
  /** An Error: the reason why the fact is unknown. */
  readonly value: unknown
}

/** A fact has the type that its check gives: a changed check does not compile with an old test. */
export function fact<T>({ id }: Check<T>, value: T): Fact {
  return { id, value }
}

export function unknown({ id }: Check<unknown>): Fact {
  return { id, value: new Error(`the test lets ${id} be unknown`) }
}

/** The pod's container `main` that cannot pull an image, with the kubelet's words. */
export function failingPull(image: string, words: string): ContainerPull {
  const reading = read(words)
  const kinds = [...new Set([reading.kind, ...reading.clauses.map(({ kind }) => kind)])].filter(
    (it) => it !== undefined,
  )
  return {
    ...{
      container: 'main',
      role: 'container',
      image,
      policy: 'Always',
      state: 'failing',
      waitingReason: 'ErrImagePull',
    },
    ...{ said: { by: 'status', message: words, reading }, kinds, secretsNotFound: [] },
  }
}

/** The facts that nearly every cause needs: the reference, the kubelet's words and the names. */
export function factsOf(image: string, words: string): readonly Fact[] {
  const pull = failingPull(image, words)
  return [
    fact(reference, parseReference(image)),
    fact(message, pull),
    fact(names, {
      ...{ namespace: 'shop', pod: 'web-1', container: 'main', image, node: 'node-1', owner: 'deployment/web' },
      host: pull.said?.reading.host ?? 'the registry',
    }),
  ]
}

/** Later facts replace earlier ones of the same check. */
export function judgeFacts(cause: Cause<Kind, PullFinding>, facts: readonly Fact[]): Promise<Verdict<PullFinding>> {
  return judgeByFacts(cause, Object.fromEntries(facts.map(({ id, value }) => [id, value])))
}

/** `proven`, `likely` or `possible` for a confirmed cause; else its status, with what stands all the same. */
export function summaryOf(verdict: Verdict<PullFinding>): string {
  if (verdict.status === 'confirmed') return verdict.finding.confidence
  if (verdict.status === 'ruled-out' || !verdict.finding) return verdict.status
  return `undetermined, ${verdict.finding.confidence}`
}

const asked: Asked = { method: 'HEAD', url: 'https://registry.example/v2/team/app/manifests/1.0' }

/** Answers of a registry, as its client gives them. */
export const answers = {
  found: { status: 'found', asked, digest: 'sha256:1', mediaType: 'application/vnd.oci.image.manifest.v1+json' },
  missing: { status: 'missing', asked, code: 'MANIFEST_UNKNOWN' },
  basic: { status: 'unauthorized', asked, http: 401, by: 'registry', scheme: 'basic' },
  bearer: { status: 'unauthorized', asked, http: 401, by: 'registry', scheme: 'bearer' },
  tokenServer: { status: 'unauthorized', asked, http: 401, by: 'token-server' },
  noChallenge: { status: 'unauthorized', asked, http: 401, by: 'registry' },
  negotiate: { status: 'unauthorized', asked, http: 401, by: 'registry', scheme: 'negotiate' },
  denied: { status: 'denied', asked, by: 'registry', code: 'DENIED' },
  tokenDenied: { status: 'denied', asked, by: 'token-server' },
  serverError: { status: 'server-error', asked, http: 503 },
} as const satisfies Readonly<Record<string, Found | Refusal>>
