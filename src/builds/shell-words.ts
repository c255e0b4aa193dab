/** The words of a shell script as far as quotes go: enough for the arguments of the programs in it, no shell. */
export function shellWords(script: string): readonly string[] {
  const words: string[] = []
  for (const [, separator, word = ''] of script.slice(0, scriptLimit).matchAll(token)) {
    if (separator) words.push(separator)
    else if (word) words.push(unquote(word))
  }
  return words
}

const scriptLimit = 16_384
// Separators of commands stand alone; a word is a run of plain, quoted and escaped pieces.
const token = /([;&|\n]+)|((?:[^\s;&|'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+)/gs

function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_whole, single?: string, double?: string, escaped?: string) => {
      if (single !== undefined) return single
      if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1')
      return escaped === '\n' ? '' : (escaped ?? '')
    },
  )
}
