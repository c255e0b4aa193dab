import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { background, Turns } from '../../src/store/embedded/database.ts'

/** Takes turns, all asked for while another has one, and tells in what order they came. */
async function orderOf(asked: readonly string[], before: (turns: Turns) => Promise<void> = async () => undefined) {
  const turns = new Turns()
  const order: string[] = []
  const end = await turns.take()
  const one = async (name: string): Promise<void> => {
    const end = await turns.take()
    order.push(name)
    end()
  }
  const all = asked.map((name) => (name.startsWith('later') ? background.run(() => one(name)) : one(name)))
  await before(turns)
  const more = one('last')
  end()
  await Promise.all([...all, more])
  return order
}

test('who waits comes before what is done in the background, each in the order asked', async () => {
  expect(await orderOf(['later 1', 'one', 'later 2', 'two'])).toEqual(['one', 'two', 'last', 'later 1', 'later 2'])
})

test('what has waited long in the background comes first', async () => {
  const order = await orderOf(['later 1', 'one', 'later 2'], () => sleep(300))
  expect(order).toEqual(['later 1', 'later 2', 'one', 'last'])
})

test('everything that background work leads to is background', async () => {
  const seen = await background.run(async () => {
    await sleep(1)
    return new Promise((resolve) => setImmediate(() => resolve(background.isHere())))
  })
  expect(seen).toBe(true)
  expect(background.isHere()).toBe(false)
})

test('a turn that is ended twice is ended once', async () => {
  const turns = new Turns()
  const end = await turns.take()
  const second = turns.take()
  const third = turns.take()
  end()
  end()
  const endSecond = await second
  const first = await Promise.race([third.then(() => 'third'), sleep(20, 'nobody')])
  expect(first).toBe('nobody')
  endSecond()
  ;(await third)()
})

test('a long row of turns does not keep the process from hearing', async () => {
  const turns = new Turns()
  let heard: number | undefined
  let done = 0
  setTimeout(() => {
    heard = done
  }, 1)
  const spin = async (): Promise<void> => {
    const end = await turns.take()
    const until = performance.now() + 2
    while (performance.now() < until);
    done += 1
    end()
  }
  await Promise.all(Array.from({ length: 50 }, spin))
  expect(heard).toBeLessThan(50)
})
