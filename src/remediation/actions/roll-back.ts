import { z } from 'zod'
import { diffOf } from '../../gitops/diff.ts'
import { managerOf } from '../../gitops/manager.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { resources } from '../../kubernetes/resources.ts'
import { mayGoBack } from '../../playbooks/image-pull/advice/rollback.ts'
import { text } from '../../text.ts'
import { action, type Offering, type Situation } from '../action.ts'
import { rightsIn } from '../action-id.ts'
import { canonicalHash } from '../canonical-hash.ts'
import { awaitReady } from '../steps/pods.ts'
import { isRollable, restartTargetSchema, rollable } from '../steps/rollout.ts'
import { setImage, tellDocument } from '../steps/set-image.ts'
import { cutName } from './wording.ts'

const detailsSchema = z.object({
  workload: restartTargetSchema,
  container: z.string(),
  from: z.string(),
  to: z.string(),
  template: z.string(),
  /** If a GitOps controller manages the workload, Git must be changed, and this is the diff. */
  git: z.object({ tool: z.string(), file: z.string().optional(), patch: z.string() }).optional(),
})
type Details = z.infer<typeof detailsSchema>

/** Gives a container its previous image. If Git decides about it, the action only shows what to change there. */
export const rollBack = action<Details>({
  id: 'roll-back',
  label: 'Roll back',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer({ facts }): Offering {
    const { verdict, change, at } = facts.failing
    if (!mayGoBack(verdict.cause, change, at)) return undefined
    if (!facts.owner.known) return { offered: 'no', reason: text`its owner could not be seen: ${facts.owner.reason}` }
    const kind = facts.owner.value?.kind ?? ''
    return isRollable(kind)
      ? { offered: 'button' }
      : { offered: 'no', reason: text`a ${kind || 'bare pod'} is not rolled out` }
  },

  async plan({ facts, incident }, { raw }, signal) {
    const { change, container } = facts.failing
    const owner = facts.owner.known ? facts.owner.value : undefined
    const { namespace } = incident.subject
    if (!change || !owner || !isRollable(owner.kind)) return { refused: text`There is no earlier image to return to.` }
    const { kind, name } = owner
    const object = await raw(rollable[kind], { namespace, name }, signal)
    if (!object) return { refused: text`${kind} ${namespace}/${name} is gone.` }
    const { uid } = object.metadata
    const { imageBefore: to, imageNow: from } = change
    const git = gitChange(resources[rollable[kind]].schema.parse(object).metadata, facts.gitFile, {
      container,
      from,
      to,
    })
    if (git && !git.patch) return { refused: text`${git.tool} would undo it: change the image in Git.` }
    return {
      namespace,
      target: { kind, namespace, name, uid },
      details: {
        workload: { kind, namespace, name, uid },
        ...{ container, from, to },
        template: canonicalHash(rawFields.at(object, 'spec', 'template')),
        ...(git && { git }),
      },
      label: git ? 'Propose roll back' : 'Roll back',
      confirm: git
        ? {
            title: 'Show the diff?',
            yes: 'Show the diff',
            sentences: [
              `Shows what to commit so that ${cutName(name)} gets ${cutName(to, 70)} again.`,
              `${git.tool} would undo a change by hand. Nothing is changed.`,
            ],
          }
        : {
            title: 'Roll back?',
            yes: 'Roll back',
            sentences: [
              `Gives container ${cutName(container, 30)} of ${kind} ${cutName(`${namespace}/${name}`)} in ${cutName(incident.cluster, 30)} the image ${cutName(to, 70)} again, which the registry still has.`,
              'Git is not changed: the next deployment brings the other image back.',
              'Its pods are replaced.',
            ],
          },
    }
  },

  needs: ({ workload, git }) => (git ? [] : rightsIn('roll-back', workload.namespace, rollable[workload.kind])),
  steps: [
    setImage(({ workload, container, from, to, git }) => (git ? undefined : { workload, container, from, to })),
    tellDocument(({ git }) => git && { ...(git.file && { file: git.file }), content: git.patch }),
    { ...awaitReady<Details>(), only: ({ git }) => git === undefined },
  ],
})

type Metadata = Parameters<typeof managerOf>[0]

/**
 * Returns the diff for Git. undefined: no GitOps controller is seen that would undo the change. An empty patch: there
 * is one, but the file could not be read.
 */
function gitChange(
  metadata: Metadata,
  file: Situation['facts']['gitFile'],
  edit: { readonly container: string; readonly from: string; readonly to: string },
): Details['git'] {
  const manager = managerOf(metadata)
  if (manager.tool !== 'argo-cd' && manager.tool !== 'flux') return undefined
  const tool = manager.tool === 'flux' ? 'Flux' : 'Argo CD'
  if (!file.known || file.value.status !== 'found') return { tool, patch: '' }
  const diff = diffOf(file.value, { field: 'image', ...edit })
  return { tool, file: file.value.path, patch: diff.kind === 'patch' ? diff.patch : '' }
}
