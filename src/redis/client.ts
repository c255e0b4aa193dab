import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import { createConnector } from './connector.ts'
import { createFileReader } from './file-reader.ts'
import type { RedisSettings, RedisTls } from './settings.ts'

export type RedisClient = Redis | Cluster

/** What differs between clients. */
export interface RedisClientOptions
  extends Pick<
    RedisOptions,
    'commandTimeout' | 'enableOfflineQueue' | 'maxRetriesPerRequest' | 'socketTimeout' | 'blockingTimeout'
  > {
  /** Sends again what was not answered when a connection broke. Only for commands that may be done twice. */
  readonly resends: boolean
  /** Called for each failure of a connection. The client reconnects by itself. */
  readonly onError: (error: Error) => void
}

/** Milliseconds. */
const connectTimeout = 2_000
/** Milliseconds until the servers of a cluster are asked again who has which slots, also where no answer says that they moved. */
const slotsRefreshInterval = 5_000

/**
 * A client that reconnects by itself, and that reads the files with passwords and certificates again for each connection.
 * With Sentinels it follows the master, in a cluster the slots.
 */
export function createRedisClient(settings: RedisSettings, options: RedisClientOptions): RedisClient {
  const { onError } = options
  const client = settings.layout.kind === 'cluster' ? clusterClient(settings, options) : serverClient(settings, options)
  client.on('error', onError)
  client.on('node error', onError)
  return client
}

function serverClient(settings: RedisSettings, { resends, onError: _, ...own }: RedisClientOptions): Redis {
  return new Redis({
    ...own,
    ...commonOptions(settings),
    ...layoutOptions(settings),
    autoResendUnfulfilledCommands: resends,
    retryStrategy,
    // A master that became a replica refuses to write. Such a command was not done, so it is sent again.
    reconnectOnError: (error: Error) => (error.message.includes('READONLY') ? 2 : false),
  })
}

function layoutOptions({ layout, tls }: RedisSettings) {
  if (layout.kind !== 'sentinel') return layout.kind === 'server' ? layout.address : {}
  return {
    name: layout.master,
    sentinels: layout.sentinels.map((it) => ({ ...it })),
    sentinelRetryStrategy: retryStrategy,
    failoverDetector: true, // else a master that is cut off from its replicas would be written to, and lose it
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tlsOptions(tls) }),
  } satisfies RedisOptions
}

function clusterClient(settings: RedisSettings, options: RedisClientOptions): Cluster {
  const { resends, onError: _, enableOfflineQueue: _queue, ...own } = options
  const nodes = settings.layout.kind === 'cluster' ? settings.layout.nodes : []
  return new Cluster(
    nodes.map((it) => ({ ...it })),
    {
      redisOptions: { ...own, ...commonOptions(settings) },
      clusterRetryStrategy: retryStrategy,
      retryDelayOnFailover: resends ? 100 : 0,
      slotsRefreshTimeout: connectTimeout,
      slotsRefreshInterval,
      dnsLookup: (host, done) => done(null, host), // certificates are for names
    } satisfies ClusterOptions,
  )
}

function commonOptions(settings: RedisSettings) {
  const { username, tls, database } = settings
  return {
    Connector: createConnector(settings),
    ...(username && { username }),
    ...(tls && { tls: tlsOptions(tls) }),
    db: database,
    connectTimeout,
    disableClientInfo: true, // saves a right that the user would need
    family: 0,
  } satisfies RedisOptions
}

/** ioredis copies these properties for each connection, so each connection reads the files. */
function tlsOptions({ caFile, certFile, keyFile }: RedisTls): NonNullable<RedisOptions['tls']> {
  const options = {}
  for (const [name, file] of Object.entries({ ca: caFile, cert: certFile, key: keyFile })) {
    if (file) Object.defineProperty(options, name, { get: createFileReader(file), enumerable: true })
  }
  return options
}

function retryStrategy(times: number): number {
  return Math.min(50 * 2 ** times, 1_000)
}
