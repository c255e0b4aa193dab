/**
 * Makes a stand-in for a large interface. It has the given members, with their true types, and throws when the tested code
 * uses another one. So a test fails where its subject begins to need more.
 */
export function only<T extends object>(members: Partial<T>): T {
  const get = (target: Partial<T>, name: string | symbol): unknown => {
    // `then` is asked for by every `await`, symbols by assertions.
    if (name in target || name === 'then' || typeof name === 'symbol') return Reflect.get(target, name)
    throw new Error(`the test gives no ${name}`)
  }
  return new Proxy(members, { get }) as T // what is missing throws
}
