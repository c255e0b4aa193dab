import type { Resource, ResourceName } from './resources.ts'

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string
  /** `{ app: 'registry' }`: equality only. */
  readonly labels?: Readonly<Record<string, string>>
  /** What the server selects by, `{ 'spec.clusterIP': '10.43.0.1' }`. */
  readonly fields?: Readonly<Record<string, string>>
  /** At most so many items, fetched in pages of 500. Default 500. */
  readonly limit?: number
}

export interface Listing<Item> {
  readonly items: readonly Item[]
  /** False: the limit was reached, and the server has more. */
  readonly complete: boolean
  /** How many more the server has, where it says so: not with a selector. */
  readonly more?: number
  /** Objects that were sent and are not understood. They are not among `items`, so that nothing follows from their absence. */
  readonly unreadable?: number
}

/** `began`: changes before it may have been missed. `gone`: the object was deleted, or is not selected any more. */
export type WatchEvent<Item> = { readonly type: 'began' } | { readonly type: 'changed' | 'gone'; readonly object: Item }

/** Whether an object that is not in the list is not there: all of it was sent, and understood. */
export function isWhole({ complete, unreadable = 0 }: Listing<unknown>): boolean {
  return complete && unreadable === 0
}

export interface LogOptions {
  readonly namespace: string
  readonly pod: string
  readonly container?: string
  readonly previous?: boolean
  readonly tailLines: number
  readonly limitBytes: number
}

/** Where an object is: without a namespace for what lives in none. */
export interface ObjectKey {
  readonly namespace?: string
  readonly name: string
}

/** A port of a Service. */
export interface ServicePort {
  readonly namespace: string
  readonly name: string
  readonly port: number
  readonly tls: boolean
}

export interface ProxyOptions {
  readonly service: ServicePort
  readonly method: 'GET' | 'HEAD'
  /** With its query: `/v2/_catalog?n=100`. */
  readonly path: string
  readonly accept: string
  readonly limitBytes: number
}

/** What the Service answered, whatever its status. */
export interface ProxyAnswer {
  readonly status: number
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Where the API server has it, for `kubectl get --raw`. */
  readonly path: string
}

export interface ExecOptions {
  readonly namespace: string
  readonly pod: string
  readonly container?: string
  /** A program and its arguments: no shell reads it. */
  readonly command: readonly string[]
  readonly limitBytes: number
}

export interface ExecResult {
  readonly output: string
  readonly errors: string
  /** Of the program; undefined: it could not be started. */
  readonly exitCode: number | undefined
}

/** Something that may be allowed or not. */
export interface Permission {
  readonly verb: string
  /** Plural, with its subresource: `pods/log`. */
  readonly resource: string
  /** `apps`; absent: the core group. */
  readonly group?: string
  /** Absent: in all namespaces. */
  readonly namespace?: string
}

/** One Kubernetes cluster, read only. Every method throws ClusterError if the API server gives no answer. */
export interface Cluster {
  /** What people call it: the context's name. */
  readonly name: string
  /** The namespace of the context. */
  readonly namespace: string
  /** The DNS domain of its Services, the kubelet's --cluster-domain: `cluster.local`, where nobody chose another one. */
  readonly domain: string
  /** undefined: the API server says that there is no such object. */
  get<Name extends ResourceName>(
    resource: Name,
    key: ObjectKey,
    signal?: AbortSignal,
  ): Promise<Resource<Name> | undefined>
  list<Name extends ResourceName>(
    resource: Name,
    options: ListOptions,
    signal?: AbortSignal,
  ): Promise<Listing<Resource<Name>>>
  /**
   * The changes of objects from now on, without an end. It begins anew by itself where the API server no longer has the changes
   * since the last one (410). Needs `list` and `watch`.
   */
  watch<Name extends ResourceName>(
    resource: Name,
    options: Pick<ListOptions, 'namespace' | 'fields'>,
    signal?: AbortSignal,
  ): AsyncIterable<WatchEvent<Resource<Name>>>
  /** The last lines of a container's log. undefined: there is no such pod or container, or it has no log. */
  logs(options: LogOptions, signal?: AbortSignal): Promise<string | undefined>
  /** A question to a Service through the API server, which passes on no credentials. Needs `get services/proxy`. */
  proxy(of: ProxyOptions, signal?: AbortSignal): Promise<ProxyAnswer>
  /** Runs a program in a container, without input. Needs `create pods/exec`. */
  exec(of: ExecOptions, signal?: AbortSignal): Promise<ExecResult>
  /** Whether the API server allows this account an action. Needs no permission itself. */
  may(permission: Permission, signal?: AbortSignal): Promise<boolean>
  /** Requests sent to the API server so far. */
  readonly requests: number
}
