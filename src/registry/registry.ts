import type { Credential } from './auth/keyring.ts'
import type { Quota } from './manners/limits.ts'

/** A Service's port, behind which a registry runs. */
export interface InCluster {
  readonly namespace: string
  readonly name: string
  readonly port: number
  readonly tls: boolean
}

/** One repository of one registry, and how to ask for it. */
export interface Question {
  /** As in a reference: `docker.io` stands for Docker Hub's API host. */
  readonly host: string
  readonly repository: string
  /** Absent: the request is anonymous. */
  readonly credential?: Credential | undefined
  /** The kubelet itself was seen to speak plain HTTP to this host. */
  readonly plainHttp?: boolean
  /** The Service that it is in the cluster: for the other ways to it. */
  readonly service?: InCluster | undefined
  readonly signal?: AbortSignal | undefined
}

/** The OCI distribution protocol, read only. Every method throws RegistryError if no answer arrives. */
export interface Registry {
  /** Whether a tag or digest is there. Does not count as a pull on Docker Hub. */
  manifest(of: Question & { readonly reference: string }): Promise<ManifestAnswer>
  /** What is in it: platforms, and the blobs that a pull needs. */
  content(of: Question & { readonly reference: string }): Promise<ContentAnswer>
  /** Whether a blob is there. */
  blob(of: Question & { readonly digest: string }): Promise<ManifestAnswer>
  tags(of: Question): Promise<NamesAnswer>
  repositories(of: Omit<Question, 'repository'>): Promise<NamesAnswer>
  /** Closes the connections: idle ones now, and busy ones after their request. Call it when a diagnosis has ended. */
  close(): void
  /** HTTP requests sent so far, to registries and token servers. */
  readonly requests: number
}

/** How a registry was asked: what a reader needs to ask it again. */
export interface Asked {
  readonly method: 'GET' | 'HEAD'
  /** Without query. */
  readonly url: string
  /** Where the credential came from; absent: asked anonymously. */
  readonly credential?: string
}

/** What a registry says instead of what was asked for. Data, not errors: each is an answer. */
export type Refusal =
  | { readonly status: 'missing'; readonly asked: Asked; readonly code?: string; readonly message?: string }
  | {
      readonly status: 'unauthorized'
      readonly asked: Asked
      readonly http: number
      readonly by: 'registry' | 'token-server'
      readonly scheme?: string
      readonly code?: string
      readonly message?: string
    }
  | {
      readonly status: 'denied'
      readonly asked: Asked
      /** Absent: 403. */
      readonly http?: number
      readonly by: 'registry' | 'token-server'
      readonly code?: string
      readonly message?: string
    }
  /** `retryAfter`: seconds. `quota`: that of imagepull's own address, or of the account that was sent. */
  | {
      readonly status: 'rate-limited'
      readonly asked: Asked
      readonly retryAfter?: number
      readonly quota?: Quota
      readonly message?: string
    }
  | { readonly status: 'server-error'; readonly asked: Asked; readonly http: number; readonly message?: string }
  | { readonly status: 'not-a-registry'; readonly asked: Asked; readonly http: number; readonly contentType?: string }

export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** One entry of an index. */
export interface IndexChild {
  /** `sha256:…`; empty: the index does not tell it. */
  readonly digest: string
  readonly platform: Platform
}

export interface Found {
  readonly status: 'found'
  readonly asked: Asked
  readonly digest?: string
  readonly mediaType: string
  /** That of imagepull's own address, or of the account that was sent. */
  readonly quota?: Quota
}
export type ManifestAnswer = Found | Refusal

export interface Content {
  readonly status: 'content'
  readonly asked: Asked
  readonly mediaType: string
  /** What it can run on, without the attestations that builders add. Empty: not told. */
  readonly platforms: readonly Platform[]
  /** Of an index: the manifest of each platform. Empty for a single image. */
  readonly children: readonly IndexChild[]
  /** Configuration and layers of a single image, by digest, but layers that no registry need hold. */
  readonly blobs: readonly string[]
}
export type ContentAnswer = Content | Refusal

export interface Names {
  readonly status: 'names'
  readonly asked: Asked
  readonly names: readonly string[]
  /** False: the registry has more than were read. */
  readonly complete: boolean
}
export type NamesAnswer = Names | Refusal
