/** Of BullMQ, whatever is behind it. */
export const bullSettings = {
  /** We count interruptions ourselves; this must fit an `integer`. A worker asks again a second after its server was away. */
  worker: { maxStalledCount: 2 ** 31 - 1, runRetryDelay: 1_000 },
  /** Events of its own, which nobody here reads: its default is the newest 10 000 of a queue. */
  streams: { events: { maxLen: 100 } },
} as const
