import type { ContentAnswer, ManifestAnswer, NamesAnswer } from './answers.ts'
import type { Credential } from './credential.ts'

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
  /** Absent: anonymously. */
  readonly credential?: Credential | undefined
  /** The kubelet itself was seen to speak plain HTTP to this host. */
  readonly plainHttp?: boolean
  /** The Service that it is in the cluster: for the other ways to it. */
  readonly service?: InCluster | undefined
  readonly signal?: AbortSignal | undefined
}

/** The OCI distribution protocol, read only. Every method throws RegistryError where no answer came. */
export interface Registry {
  /** Whether a tag or digest is there. Does not count as a pull on Docker Hub. */
  manifest(of: Question & { readonly reference: string }): Promise<ManifestAnswer>
  /** What is in it: platforms, and the blobs that a pull needs. */
  content(of: Question & { readonly reference: string }): Promise<ContentAnswer>
  /** Whether a blob is there. */
  blob(of: Question & { readonly digest: string }): Promise<ManifestAnswer>
  tags(of: Question): Promise<NamesAnswer>
  repositories(of: Omit<Question, 'repository'>): Promise<NamesAnswer>
  /** HTTP requests sent so far, to registries and token servers. */
  readonly requests: number
}
