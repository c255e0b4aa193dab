import { connect, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions, SentinelConnector } from 'ioredis'
import { createFileReader } from './file-reader.ts'
import type { RedisSettings } from './settings.ts'

type Connector = NonNullable<RedisOptions['Connector']>
type Stream = Awaited<ReturnType<AbstractConnector['connect']>>

/**
 * Opens the connections of ioredis, and keeps its passwords fresh: ioredis copies the options of a client for each node of a
 * cluster and for each duplicate, but every one of these clients makes a connector with its own options, and reads them again
 * whenever it logs in. ioredis gives up for good where a connector throws, so these return a broken connection instead.
 */
export function createConnector(settings: RedisSettings): Connector {
  const passwords = readPasswords(settings)
  if (settings.layout.kind === 'sentinel')
    return class extends MasterConnector {
      constructor(options: unknown) {
        super(withPasswords(options, passwords))
      }
    }
  return class extends ServerConnector {
    constructor(options: unknown) {
      super(withPasswords(options, passwords))
    }
  }
}

/** @param options A client's own, which ioredis reads whenever it logs in. */
function withPasswords(options: unknown, passwords: PropertyDescriptorMap): RedisOptions {
  return Object.defineProperties(options as RedisOptions, passwords) // ioredis declares them as unknown
}

function readPasswords({ password, passwordFile, layout }: RedisSettings): PropertyDescriptorMap {
  const ofSentinels = layout.kind === 'sentinel' ? layout.passwordFile : undefined
  return {
    ...(password && { password: property(() => password.reveal()) }),
    ...(passwordFile && { password: property(trimmed(passwordFile)) }),
    ...(ofSentinels && { sentinelPassword: property(trimmed(ofSentinels)) }),
  }
}

function property(get: () => string): PropertyDescriptor {
  return { get, enumerable: true, configurable: true }
}

/** Editors and `echo` end a file with a line break, which is no part of a password. */
function trimmed(file: string): () => string {
  const read = createFileReader(file)
  return () => read().replace(/\r?\n$/, '')
}

/** To one server. ioredis has such a class, too, and does not export it. */
class ServerConnector extends AbstractConnector {
  readonly #options: RedisOptions

  constructor(options: RedisOptions) {
    super(options.disconnectTimeout ?? 0)
    this.#options = options
  }

  override async connect(): Promise<Stream> {
    this.connecting = true
    try {
      this.stream = this.#open()
    } catch (error) {
      return broken(this, error)
    }
    this.stream.once('error', (error) => {
      this.firstError = error
    })
    return this.stream
  }

  /** Throws for certificates that are none. */
  #open(): Stream {
    const { host = '127.0.0.1', port = 6379, tls } = this.#options
    return tls ? connectTls({ host, port, ...tls }) : connect({ host, port })
  }
}

/** To the master that the Sentinels name. */
class MasterConnector extends SentinelConnector {
  override async connect(onError: (type: string, error: Error) => void): Promise<Stream> {
    return super.connect(onError).catch((error) => broken(this, error))
  }
}

function broken(connector: AbstractConnector, error: unknown): Stream {
  connector.firstError = error instanceof Error ? error : new Error(String(error))
  return new Socket().destroy()
}
