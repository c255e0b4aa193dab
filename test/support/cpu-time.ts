/** Returns the milliseconds of processor time that `work` takes on this thread. Other programs on the machine do not count. */
export function cpuTime(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
