import { decidedByHost } from './contacted-host.ts'
import { access } from './families/access.ts'
import { content } from './families/content.ts'
import { existence } from './families/existence.ts'
import { kubelet } from './families/kubelet.ts'
import { limit } from './families/limit.ts'
import { node, unpacking } from './families/node.ts'
import { platform } from './families/platform.ts'
import { policy } from './families/policy.ts'
import { server } from './families/server.ts'
import { tls } from './families/tls.ts'
import { proxy, way } from './families/way.ts'
import type { Row } from './row.ts'

/** Every cause that text tells, the more specific before the more general: the order in which a message is read. */
export const rows: readonly Row[] = [
  ...kubelet,
  ...policy,
  ...limit,
  ...node,
  ...platform,
  ...content,
  ...proxy,
  ...tls,
  ...way,
  ...server,
  ...access,
  ...existence,
  ...unpacking,
  ...decidedByHost,
]

const byId: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row.id, row]))

export function rowById(id: string): Row | undefined {
  return byId.get(id)
}
