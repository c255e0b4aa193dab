import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { kill } from './kill.ts'
import { untilItAnswers } from './redis-server.ts'
import { temporaryFolder } from './temporary-folder.ts'

interface Member extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly admin: Redis
  kill(): Promise<void>
}

/** A Redis that is one of several, on loopback. @param config Lines of its configuration file. */
async function member(config: readonly string[], ...options: readonly string[]): Promise<Member> {
  const folder = temporaryFolder()
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const file = join(folder.path, 'redis.conf')
  const own = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder.path}`, 'save ""', 'appendonly yes']
  writeFileSync(file, `${(options.includes('--sentinel') ? own.slice(0, 3) : own).concat(config).join('\n')}\n`)
  const child: ChildProcess = spawn('redis-server', [file, ...options], { stdio: 'ignore' })
  await untilItAnswers(url)
  const admin = new Redis(url)
  admin.on('error', () => undefined) // it is killed
  return {
    port,
    url,
    admin,
    kill: () => kill(child),
    async [Symbol.asyncDispose]() {
      admin.disconnect()
      await kill(child)
      folder[Symbol.dispose]()
    },
  }
}

async function until(fits: () => Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await fits()) return
    await sleep(50)
  }
  throw new Error(`after 30 s: ${what}`)
}

/** Milliseconds until the others of a group miss a server. */
const missedAfter = 1_000

export interface RedisWithSentinels extends AsyncDisposable {
  /** The values of REDIS_URL and REDIS_SENTINELS. */
  readonly url: string
  readonly sentinels: string
  /** Kills the master, when its replica has all that was written to it. */
  killMaster(): Promise<void>
}

/** A master, a replica, and three Sentinels, which promote the replica some two seconds after the master is gone. */
export async function redisWithSentinels(): Promise<RedisWithSentinels> {
  await using stack = new AsyncDisposableStack()
  const master = stack.use(await member([]))
  const replica = stack.use(await member([`replicaof 127.0.0.1 ${master.port}`]))
  await untilReplicates(replica.admin)
  const watched = [
    `sentinel monitor mymaster 127.0.0.1 ${master.port} 2`,
    `sentinel down-after-milliseconds mymaster ${missedAfter}`,
    'sentinel failover-timeout mymaster 5000',
  ]
  const sentinels: Member[] = []
  for (let count = 0; count < 3; count++) sentinels.push(stack.use(await member(watched, '--sentinel')))
  for (const { admin } of sentinels) await until(() => knowsAll(admin), 'a Sentinel does not know the others')
  const owned = stack.move()
  return {
    url: 'redis://mymaster',
    sentinels: sentinels.map(({ port }) => `127.0.0.1:${port}`).join(','),
    async killMaster() {
      await master.admin.wait(1, 5_000)
      await master.kill()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function knowsAll(sentinel: Redis): Promise<boolean> {
  const [fields] = (await sentinel.call('SENTINEL', 'MASTERS')) as string[][] // one list of names and values a master
  const of = (name: string): number => Number(fields?.[fields.indexOf(name) + 1])
  return of('num-other-sentinels') === 2 && of('num-slaves') === 1
}

function untilReplicates(replica: Redis): Promise<void> {
  return until(async () => /master_link_status:up/.test(await replica.info('replication')), 'it does not replicate')
}

export interface RedisCluster extends AsyncDisposable {
  /** The values of REDIS_URL and REDIS_CLUSTER_NODES. */
  readonly url: string
  readonly nodes: string
  /** Clients of the masters. */
  readonly masters: readonly Redis[]
  /** The master that has the slot of this key. */
  masterOf(key: string): Promise<Redis>
  /** Kills the master that has the slot of this key, when its replica has all that was written to it. */
  killMasterOf(key: string): Promise<void>
  /** Moves the slot of this key to another master, key by key. */
  moveSlotOf(key: string): Promise<void>
}

const slots = 16_384

/** Three masters. @param replicas One for each of them. */
export async function redisCluster({ replicas = false } = {}): Promise<RedisCluster> {
  await using stack = new AsyncDisposableStack()
  const start = async (): Promise<Member> => {
    const bus = await freePort()
    const own = ['cluster-enabled yes', `cluster-port ${bus}`, `cluster-node-timeout ${missedAfter}`]
    const started = stack.use(await member(own))
    buses.set(started, bus)
    return started
  }
  const buses = new Map<Member, number>()
  const masters = [await start(), await start(), await start()]
  const copies = replicas ? [await start(), await start(), await start()] : []
  const all = [...masters, ...copies]
  for (const [index, { admin }] of masters.entries()) {
    const [from, to] = [index, index + 1].map((it) => Math.floor((slots * it) / masters.length))
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${(to ?? 0) - 1}`)
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`)
  }
  for (const other of all.slice(1))
    await all[0]?.admin.call('CLUSTER', 'MEET', '127.0.0.1', `${other.port}`, `${buses.get(other)}`)
  for (const { admin } of all)
    await until(async () => isComplete(String(await admin.call('CLUSTER', 'INFO')), all.length), 'no cluster')
  for (const [index, { admin }] of copies.entries()) {
    const id = String(await masters[index]?.admin.call('CLUSTER', 'MYID'))
    await until(async () => (await admin.call('CLUSTER', 'REPLICATE', id).catch(() => '')) === 'OK', 'no replica')
    await untilReplicates(admin)
  }

  async function ownerOf(key: string): Promise<Member> {
    const slot = await slotOf(key)
    const owner = masters[Math.floor((slot * masters.length) / slots)]
    if (!owner) throw new Error(`nobody has the slot ${slot}`)
    return owner
  }
  async function slotOf(key: string): Promise<number> {
    return Number(await masters[0]?.admin.call('CLUSTER', 'KEYSLOT', key))
  }

  const owned = stack.move()
  return {
    url: masters[0]?.url ?? '',
    nodes: masters.map(({ port }) => `127.0.0.1:${port}`).join(','),
    masters: masters.map(({ admin }) => admin),
    masterOf: async (key) => (await ownerOf(key)).admin,
    async killMasterOf(key) {
      const owner = await ownerOf(key)
      await owner.admin.wait(1, 5_000)
      await owner.kill()
    },
    async moveSlotOf(key) {
      const [from, slot] = [await ownerOf(key), `${await slotOf(key)}`]
      const to = masters.find((it) => it !== from)
      if (!to) throw new Error('there is one master')
      await moveSlot(slot, from, to, masters)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function isComplete(info: string, count: number): boolean {
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}`)
}

/** As `redis-cli --cluster reshard` does it: while it lasts, some keys of the slot are here, and some there. */
async function moveSlot(slot: string, from: Member, to: Member, all: readonly Member[]): Promise<void> {
  const [fromId, toId] = [await from.admin.call('CLUSTER', 'MYID'), await to.admin.call('CLUSTER', 'MYID')].map(String)
  await to.admin.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId ?? '')
  await from.admin.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId ?? '')
  for (;;) {
    const keys = (await from.admin.call('CLUSTER', 'GETKEYSINSLOT', slot, '5')) as string[] // names of keys
    if (keys.length === 0) break
    await from.admin.call('MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '5000', 'KEYS', ...keys)
    await sleep(5)
  }
  for (const { admin } of [to, from, ...all]) await admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId ?? '')
}
