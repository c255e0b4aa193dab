import { temporaryFolder } from './temporary-folder.ts'

/** Vitest runs this once before all test files: the folder in which they share what is slow to make. Removed at the end. */
export default function setup(): () => void {
  const folder = temporaryFolder()
  process.env.IMAGEPULL_TEST_FOLDER = folder.path // workers inherit it
  return () => folder[Symbol.dispose]()
}
