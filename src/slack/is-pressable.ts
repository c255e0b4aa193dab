/** Messages, by their keys, that may have buttons: what was shown of them is kept, so that those can be taken away. */
export function isPressable(key: string): boolean {
  return key.startsWith('findings-') || key.startsWith('action-')
}
