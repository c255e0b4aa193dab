/** The answer, or after so many milliseconds another one; who is late is not waited for, and its failure is nobody's. */
export async function within<T>(ms: number, work: Promise<T>, late: () => T): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => {
    try {
      resolve(late())
    } catch (error) {
      reject(error)
    }
  }, ms)
  work.then(resolve, reject)
  return promise.finally(() => clearTimeout(timer))
}
