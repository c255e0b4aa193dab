import { z } from 'zod'
import { toPlaybookSettings } from '../../app/from-config.ts'
import { readConfiguration } from '../../config/read-configuration.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { World } from '../../playbooks/image-pull/diagnose.ts'
import { parseSavedFacts, recallFrom, type SavedFacts } from '../../playbooks/image-pull/saved-facts.ts'
import type { Registry } from '../../registry/registry.ts'
import { CommandError } from '../errors.ts'

/** Makes a world of saved facts: every check recalls its answer, so nothing is contacted. Throws CommandError for invalid JSON. */
export function replayWorld(
  json: string,
  shared: Pick<World, 'signal' | 'progress' | 'defect'>,
): { readonly pod: Pod; readonly world: World } {
  const saved = parse(json)
  const world: World = {
    ...shared,
    cluster: silentCluster(saved.cluster),
    registry: silentRegistry,
    permissions: { secrets: false, registry: false },
    settings: toPlaybookSettings(readConfiguration(undefined), []),
    recall: recallFrom(saved),
    time: new Date(saved.time),
  }
  return { pod: saved.pod, world }
}

function parse(json: string): SavedFacts {
  try {
    return parseSavedFacts(json)
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON'
    throw new CommandError(
      2,
      'invalid-facts',
      `The file does not hold saved facts: ${what}.`,
      'Name a file that --save-facts wrote.',
      [],
      { cause: error },
    )
  }
}

const never = (): never => {
  throw new Error('a replay contacts nothing')
}

function silentCluster(name: string): Cluster {
  const nothing = { get: never, list: never, logs: never, proxy: never, exec: never, may: never, watch: never }
  return { name, namespace: 'default', domain: 'cluster.local', ...nothing, requests: 0 }
}

const silentRegistry: Registry = {
  manifest: never,
  content: never,
  blob: never,
  tags: never,
  repositories: never,
  close: () => undefined,
  requests: 0,
}
