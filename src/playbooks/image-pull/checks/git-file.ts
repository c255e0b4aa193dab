import { check } from '../../../diagnosis/check.ts'
import { fileOf, type GitFile } from '../../../gitops/file-of.ts'
import { thePod, theSettings } from '../givens.ts'
import { owner } from './owner.ts'

/** Where Git has what made the pod. */
export const gitFile = check({
  id: 'git-file',
  doing: 'Looking for its file in Git',
  needs: { settings: theSettings, pod: thePod, owner },
  async gather({ settings, pod, owner }, signal): Promise<GitFile> {
    const { kind, name } = owner ?? { kind: 'Pod', name: pod.metadata.name }
    const { directory, workload } = settings.gitops
    return fileOf({ kind, namespace: pod.metadata.namespace, name }, [workload], directory, signal)
  },
})
