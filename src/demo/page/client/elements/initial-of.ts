/** What an element holds before anybody chooses; of several a list, of none undefined. */
export function initialOf(element: object): string | readonly string[] | undefined {
  const { initial_option, initial_options, ...rest } = element as {
    readonly initial_option?: { readonly value?: string }
    readonly initial_options?: readonly { readonly value?: string }[]
  } & Readonly<Record<string, unknown>> // fields that some elements have
  if (initial_option) return initial_option.value
  if (initial_options) return initial_options.map(({ value = '' }) => value)
  const [given] = [
    'value',
    'user',
    'channel',
    'conversation',
    'date',
    'time',
    'date_time',
    'users',
    'channels',
    'conversations',
  ]
    .map((name) => rest[`initial_${name}`])
    .filter((value) => value !== undefined)
  if (Array.isArray(given)) return given.map(String)
  return typeof given === 'string' || typeof given === 'number' ? String(given) : undefined
}
