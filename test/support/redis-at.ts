import { readRedisSettings } from '../../src/config/redis-settings.ts'
import type { RedisSettings } from '../../src/redis/settings.ts'

/** The settings that `start` reads from REDIS_URL and the other variables of Redis. */
export function redisAt(url: string, more: Readonly<Record<string, string>> = {}): RedisSettings {
  const settings = readRedisSettings({ REDIS_URL: url, ...more }, (variable, says) => {
    throw new Error(`${variable} ${says}`)
  })
  if (!settings) throw new Error('REDIS_URL is missing')
  return settings
}
