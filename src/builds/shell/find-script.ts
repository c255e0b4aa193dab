const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh'])

/** The script of `sh -c 'script' name argument…`, wherever the shell stands among the words. */
export function findScript(
  words: readonly string[],
): { readonly script: string; readonly positional: readonly string[] } | undefined {
  const shell = words.findIndex((word) => shells.has(word.slice(word.lastIndexOf('/') + 1)))
  if (shell < 0) return undefined
  const flag = words.findIndex((word, index) => index > shell && /^-[a-z]{0,8}c[a-z]{0,8}$/.test(word))
  const options = words.slice(shell + 1, flag < 0 ? undefined : flag)
  const script = words[flag + 1]
  if (flag < 0 || script === undefined || !options.every((it) => /^[-+]|^pipefail$|^[a-z]{4,12}$/.test(it)))
    return undefined
  return { script, positional: words.slice(flag + 2) }
}
