import { maybe } from '../../../../diagnosis/check.ts'
import { joinTexts, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { crashedImage, crashLog, isExecFormatError } from '../../checks/crash.ts'
import { forecastImage } from '../../checks/image-content.ts'
import { node } from '../../checks/nodes.ts'
import { names } from '../../checks/pod.ts'
import { type PullFinding, pullCause } from '../../model.ts'

/** The pull succeeded, but the programs in the image are for another processor. */
export const execFormat = pullCause({
  id: 'exec-format',
  explains: ['not-image-pull'],
  needs: { crashLog, content: maybe(crashedImage), node: maybe(node), names },
  explain({ crashLog, content, node, names }) {
    if (!crashLog || !isExecFormatError(crashLog)) return undefined
    const platforms = content.known && content.value?.status === 'content' ? content.value.platforms : []
    const has = node.known ? node.value?.status.nodeInfo.architecture : undefined
    const other =
      has !== undefined && platforms.length > 0 && platforms.every(({ architecture }) => architecture !== has)
    return {
      title: 'Image is for another processor',
      summary: text`The image was pulled, but its programs are not for the processor of ${names.node}${has ? text`, ${has}` : text``}.`,
      confidence: other ? 'proven' : 'likely',
      because: [
        {
          says: text`the container's last log line: ${crashLog.trim()}`,
          source: `log of ${names.namespace}/${names.pod}, container ${names.container}`,
          confidence: 'proven',
        },
        ...(other
          ? [
              {
                says: text`the image is for ${joinTexts(
                  platforms.map(({ os, architecture }) => text`${os}/${architecture}`),
                  ', ',
                )}`,
                source: 'its configuration in the registry',
                confidence: 'proven',
              } as const,
            ]
          : []),
      ],
      ...adviceFor(has),
      verify: [watchPod(names)],
    }
  },
})

/** Runtimes pull a single image whatever its processor, so a pod that does not exist yet would pull it and crash. */
export const execFormatForecast = pullCause({
  id: 'exec-format',
  explains: ['not-image-pull'],
  needs: { content: forecastImage, node, names },
  explain({ content, node, names }) {
    if (content?.status !== 'content' || !node || content.platforms.length === 0) return undefined
    const { architecture } = node.status.nodeInfo
    if (content.platforms.some((it) => it.architecture === architecture)) return undefined
    const has = content.platforms.map((it) => it.architecture).join(', ')
    return {
      title: 'Image is for another processor',
      summary: text`${names.image} is for ${has} only, and ${names.node} is ${architecture}: it would be pulled, and its programs could not start.`,
      confidence: 'proven',
      because: [
        { says: text`the image is for ${has}`, source: 'its configuration in the registry', confidence: 'proven' },
        { says: text`${names.node} is ${architecture}`, source: 'API server: the node', confidence: 'proven' },
      ],
      ...adviceFor(architecture),
      verify: [watchPod(names)],
    }
  },
})

function adviceFor(architecture: string | undefined): Pick<PullFinding, 'remedies' | 'prevent'> {
  return {
    remedies: [
      {
        kind: 'action',
        title: text`Build the image for ${architecture ?? "the node's processor"} too, under a new tag, because nodes keep the old image`,
      },
      {
        kind: 'command',
        title: text`Or run the pod on nodes of the right platform; list them`,
        argv: ['kubectl', 'get', 'nodes', '-L', 'kubernetes.io/arch'],
      },
    ],
    prevent: [text`Build images for every platform of the cluster.`],
  }
}
