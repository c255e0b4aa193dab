import { text } from '../../../../text.ts'
import { buildEvidence, nameOfBuild } from '../../build-findings.ts'
import { imageBuilds } from '../../checks/image-builds.ts'
import { names } from '../../checks/names.ts'
import { pullCause } from '../../pull-cause.ts'
import { watchPod } from '../../remedies.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** The build that pushes this image is not done. */
export const buildRunning = pullCause({
  id: 'build-running',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, names },
  explain({ imageBuilds, names }) {
    const build = imageBuilds?.exact.find(({ kind }) => kind === 'Job')
    if (build?.state !== 'running' && build?.state !== 'pending') return undefined
    return {
      title: 'Build not finished',
      summary: text`${nameOfBuild(build)}, which pushes this image, is ${build.state === 'running' ? 'still running' : 'waiting to start'}.`,
      confidence: 'proven',
      because: [buildEvidence(build)],
      remedies: [
        {
          kind: 'command',
          title: text`Watch it; the pod pulls by itself within five minutes after it is done`,
          argv: ['kubectl', '-n', build.namespace, 'logs', '-f', `job/${build.name}`],
        },
      ],
      verify: [
        {
          argv: [
            'kubectl',
            '-n',
            build.namespace,
            'wait',
            '--for=condition=complete',
            `job/${build.name}`,
            '--timeout=15m',
          ],
        },
        watchPod(names),
      ],
      prevent: [],
    }
  },
})
