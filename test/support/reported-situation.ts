import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { toPlaybookSettings } from '../../src/app/from-config.ts'
import { findPod, readTarget } from '../../src/cli/diagnose/diagnose.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import { confidences } from '../../src/diagnosis/cause.ts'
import { diagnose, type World } from '../../src/playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../src/playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../../src/playbooks/image-pull/model.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { objectsOf, written } from './reported-objects.ts'
import { reportedRegistries, serveRegistries } from './reported-registries.ts'

const situation = z.strictObject({
  name: z.string(),
  /** What is right: a cause, or one of several. `none`: nothing fails to pull. */
  cause: z.union([z.string().transform((it) => [it]), z.array(z.string())]),
  /** No verdict may be surer than that. */
  most: z.enum(confidences).default('proven'),
  /** No verdict may be less sure than that. */
  least: z.enum(confidences).default('possible'),
  playbook: z.string().nullable().default(null),
  target: z.string().optional(),
  ...{ pod: written.pod.optional(), secrets: written.secrets, service: written.service, objects: written.objects },
  registries: reportedRegistries,
  forbid: z.array(z.string()).default([]),
  logs: z.record(z.string(), z.string()).default({}),
})
export type ReportedSituation = z.infer<typeof situation>

/** Situations of public reports, and what a diagnosis has to say of them. */
export function readSituations(file: string): readonly ReportedSituation[] {
  const path = resolve(import.meta.dirname, `../fixtures/situations/${file}.yaml`)
  return z.array(situation).parse(parse(readFileSync(path, 'utf8'), { merge: true }))
}

/** What the product says of it: the real clients, over an API server in memory and registries on loopback. */
export async function diagnoseSituation(of: ReportedSituation): Promise<Diagnosis> {
  const { forbid, logs } = of
  const rules = forbid.map((rule) => {
    const [verb = '', resource = ''] = rule.split(' ')
    return { verb, resource } as never // the fixture's own words: "get secrets"
  })
  const objects = [...objectsOf(of.pod, of.secrets, of.service), ...of.objects]
  const cluster = memoryCluster(objects, { namespace: 'shop', forbid: rules, logs })
  const world: World = {
    cluster,
    registry: await serveRegistries(of.registries),
    permissions: { secrets: true, registry: true },
    settings: toPlaybookSettings(readConfiguration(undefined), []),
    signal: AbortSignal.timeout(20_000),
    time: new Date('2026-11-24T03:01:00Z'),
    defect: ({ id }, error) => expect.fail(`a defect in ${id}: ${error}`),
  }
  const typed = of.target ?? `shop/${of.pod?.pod ?? ''}`
  const found = await findPod(cluster, readTarget(typed, {}), world.signal)
  return found.found === 'owner' ? diagnoseOwner(found.kind, found.owner, world) : diagnose(found.pods[0], world)
}

/** `right`, or what is wrong with it, the worst last: `unsure`, `wrong`, `wrong as proven`. */
export function gradeOf(of: ReportedSituation, { failing, route, healthy }: Diagnosis): string {
  const verdict = failing[0]?.verdict
  const cause = verdict?.cause ?? 'none'
  const sure = confidences.indexOf(verdict?.confidence ?? 'proven')
  if (of.cause.includes(cause)) {
    if (sure < confidences.indexOf(of.most)) return 'too sure'
    if (sure > confidences.indexOf(of.least)) return 'unsure'
    return (route?.playbook ?? null) === of.playbook && !(healthy && of.playbook) ? 'right' : 'wrong'
  }
  if (cause === 'unknown' || verdict?.confidence === 'possible') return 'unsure'
  return verdict?.confidence === 'proven' ? 'wrong as proven' : 'wrong'
}
