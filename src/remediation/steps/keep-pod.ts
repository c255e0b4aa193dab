import { rawFields } from '../../kubernetes/raw-fields.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import { plain } from '../../text.ts'
import type { StepContext } from '../step.ts'

/** Events of one pod that are kept. */
const eventLimit = 50

/** Keeps what goes with a pod: how it was, what was said about it, and what was found. Its events may be out of reach. */
export async function keepPod(
  { watched, incident, keep, signal }: StepContext<unknown>,
  pod: RawObject,
): Promise<void> {
  const { name, namespace = '', uid } = pod.metadata
  const where = { namespace, fields: { 'involvedObject.uid': uid }, limit: eventLimit }
  const events = await watched.cluster.list('events', where, signal).catch(() => undefined)
  const verdict = incident.diagnosis?.failing[0]?.verdict
  const kept = {
    status: pod.status,
    node: rawFields.at(pod.spec, 'nodeName'),
    events: events?.items.map(({ type, reason, message, count, lastTimestamp }) => ({
      ...{ type, reason, message, count, lastTimestamp },
    })),
    verdict: verdict && { cause: verdict.cause, confidence: verdict.confidence, summary: plain(verdict.summary) },
  }
  await keep({ what: 'pod', namespace, name, uid, content: JSON.stringify(kept, undefined, 1) })
}
