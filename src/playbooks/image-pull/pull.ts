import { given } from '../../diagnosis/given.ts'
import type { Kind } from '../../messages/kinds.ts'
import type { Reading } from '../../messages/read.ts'

/** What one container's image pull looks like from the API server. Plain JSON: a fact. */
export interface ContainerPull {
  readonly container: string
  readonly role: 'init' | 'container' | 'ephemeral'
  /** The image that is pulled: an image volume's where the kubelet's words name that one. */
  readonly image: string
  /** The image volume that it belongs to. */
  readonly volume?: string
  readonly policy: string
  /** `crashing`: pulled, and ended with an error. `waiting`: its turn has not come, or something else holds it up. */
  readonly state: 'failing' | 'pulling' | 'pulled' | 'crashing' | 'waiting'
  readonly waitingReason: string
  /** The words that tell most, and what they mean. Absent: nothing was said. */
  readonly said?: Said
  /** Everything that the words tell, the most specific first; the back-off and the throttle only where there is nothing else. */
  readonly kinds: readonly Kind[]
  /** Times of RFC 3339, where events still tell them. */
  readonly pullingSince?: string
  /** Seconds that this pull has taken so far. */
  readonly pullingFor?: number
  readonly lastFailure?: string
  /** Pull secrets that the kubelet did not find. */
  readonly secretsNotFound: readonly string[]
}

export interface Said {
  readonly by: 'status' | 'event'
  /** Redacted. */
  readonly message: string
  readonly reading: Reading
}

/** One image of the target: what the registry and the builds are asked about, once for all its containers. */
export interface PulledImage {
  readonly image: string
  /** The kubelet itself asked for an `http://` URL. */
  readonly plainHttp: boolean
  /** The kubelet's words show that the registry let it in: it says what is there and what is not. */
  readonly loggedIn?: boolean
}

export const thePull = given<ContainerPull>('pull')
export const theImage = given<PulledImage>('image')
