/**
 * How much of one object is still read: words of arguments, commands and variables, and what expansions make of them. Each
 * reader of an object takes from the same budget, so that an object costs a bounded time however its parts multiply.
 */
export class WordBudget {
  #left: number

  constructor(words = 12_000) {
    this.#left = words
  }

  /** A long word costs as much as several. The last one may cost more than is left. */
  spend(words: number, texts: readonly string[] = []): void {
    const characters = texts.reduce((sum, it) => sum + it.length, 0)
    this.#left -= words + characters / charactersOfWord
  }

  get isSpent(): boolean {
    return this.#left <= 0
  }
}

/** Characters that take as long to read as a word takes to be compared with the programs that are known: measured. */
const charactersOfWord = 256
