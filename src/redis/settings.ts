import type { Secret } from '../secret.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** Which servers there are, and how the one to write to is found. */
export type RedisLayout =
  | { readonly kind: 'server'; readonly address: RedisAddress }
  | {
      readonly kind: 'sentinel'
      /** The name that the Sentinels give the master. */
      readonly master: string
      readonly sentinels: readonly RedisAddress[]
      /** A file with the password of the Sentinels. */
      readonly passwordFile?: string
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisAddress[] }

/** PEM files. They are read again for each connection, because certificates are replaced while a process runs. */
export interface RedisTls {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
}

/** How to reach Redis and log in to it. */
export interface RedisSettings {
  readonly layout: RedisLayout
  readonly database: number
  readonly username?: string
  /** Absent where a file has it, or where Redis needs none. */
  readonly password?: Secret
  /** A file with the password. It is read again for each connection. */
  readonly passwordFile?: string
  /** Absent: no TLS. */
  readonly tls?: RedisTls
}

/**
 * The beginning of every key. In a Redis Cluster it is a hash tag: all keys are in one slot, because one step of the store
 * or of BullMQ touches several keys (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
 */
export function redisKeyPrefix({ layout }: RedisSettings): 'imagepull' | '{imagepull}' {
  return layout.kind === 'cluster' ? '{imagepull}' : 'imagepull'
}
