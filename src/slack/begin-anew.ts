import type { Thread } from './thread-record.ts'

/** The root is lost, so the thread is to be posted again, under another one. `root`: the lost one; another stays. */
export function beginAnew(thread: Thread, root: string | undefined): Thread {
  if (thread.messages.root?.ts !== root) return thread
  const { under: _, ...kept } = thread
  return { ...kept, messages: {}, begun: thread.begun + 1 }
}
