import { parseReference, type Reference } from '../../../registry/reference.ts'
import type { ManifestAnswer, NamesAnswer } from '../../../registry/registry.ts'
import { type Text, text } from '../../../text.ts'
import type { ContainerPull } from '../inputs.ts'
import type { Evidence } from '../model.ts'

/** The kubelet's own words as a line of evidence. That they were said is proven, whatever they mean. */
export function kubeletSays({ said, lastFailure, pullingSince }: ContainerPull): readonly Evidence[] {
  if (!said && pullingSince)
    return [
      {
        says: text`the pull began, and neither ended nor failed`,
        source: `event Pulling, ${pullingSince}`,
        confidence: 'proven',
      },
    ]
  if (!said || said.by === 'forecast') return []
  const when = lastFailure ? `, last failure ${lastFailure}` : ''
  const source = said.by === 'status' ? 'the container status' : 'an event of the pod'
  return [
    {
      says: text`the kubelet says: ${said.reading.text || said.message}`,
      source: `${source}${when}`,
      confidence: 'proven',
    },
  ]
}

type Refused = Exclude<ManifestAnswer, { status: 'found' }>

/** What a registry answered, and to which question, so that the reader can ask it again. */
export function answerEvidence(answer: ManifestAnswer | NamesAnswer): Evidence {
  const { method, url, credential } = answer.asked
  const source = `${method} ${url}, ${credential ? `with the login of ${credential}` : 'without a login'}`
  return { says: text`the registry answers: ${answerWords(answer)}`, source, confidence: 'proven' }
}

/** What the registry said about its quota, and whose it is: the node is counted by another address than imagepull. */
export function quotaEvidence(answer: ManifestAnswer): readonly Evidence[] {
  const quota = 'quota' in answer ? answer.quota : undefined
  if (!quota) return []
  const { limit, remaining, window, counts } = quota
  const hours = Math.round(window / 360) / 10
  const left = text`${remaining} of ${limit} pulls in ${hours} h are left`
  const { method, url, credential } = answer.asked
  return [
    {
      says:
        counts === 'account' && credential
          ? text`for the account of ${credential}, ${left}; the nodes share them if they log in with it`
          : text`from here, ${left}; the nodes have another address, with a count of its own`,
      source: `ratelimit headers of ${method} ${url}, from imagepull's own address`,
      confidence: 'proven',
    },
  ]
}

/** Whether the image exists, by imagepull's own login. It tells nothing of what the pod or the node may pull. */
export function existenceEvidence(own: ManifestAnswer): readonly Evidence[] {
  if (own.status !== 'found' && own.status !== 'missing') return []
  const says =
    own.status === 'found'
      ? text`the image exists, by imagepull's own login; whether the pod or its node may pull it is another question`
      : text`the image is missing, by imagepull's own login: a login alone will not help`
  return [{ ...answerEvidence(own), says }]
}

/** An answer in a few words: "404 MANIFEST_UNKNOWN". */
export function answerWords(answer: ManifestAnswer | NamesAnswer): Text {
  if (answer.status === 'found') return answer.digest ? text`it is there, ${answer.digest}` : text`it is there`
  if (answer.status === 'names') return text`${answer.names.length}${answer.complete ? '' : ' or more'} names`
  return refusedWords(answer)
}

function refusedWords(answer: Refused): Text {
  switch (answer.status) {
    case 'missing':
      return text`404 ${answer.code ?? 'not found'}`
    case 'unauthorized':
      return text`${answer.http} unauthorized${answer.by === 'token-server' ? ', by its token server' : ''}${said(answer.message)}`
    case 'denied':
      return text`${answer.http ?? 403} ${answer.http ? 'refused' : 'forbidden'}${answer.by === 'token-server' ? ', by its token server' : ''}${said(answer.message)}`
    case 'rate-limited':
      return text`429 too many requests${said(answer.message)}`
    case 'server-error':
      return text`${answer.http}, an error of its own${said(answer.message)}`
    case 'not-a-registry':
      return text`${answer.http} ${answer.contentType ?? ''}, which is no answer of a registry`
  }
}

function said(message: string | undefined): string {
  return message ? `: ${message}` : ''
}

/** undefined: it is not valid. */
export function referenceOf(image: string): Reference | undefined {
  const parsed = parseReference(image)
  return parsed.valid ? parsed.reference : undefined
}
