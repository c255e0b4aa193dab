import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { main } from '../../src/cli/main.ts'

interface Ran {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/** `imagepull` with these arguments, in this process and its environment. */
export async function runCommand(...argv: readonly string[]): Promise<Ran> {
  return runCommandWith('', ...argv)
}

/** The same, with this text on its standard input. */
export async function runCommandWith(standardInput: string, ...argv: readonly string[]): Promise<Ran> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
  input.end(standardInput)
  const read = Promise.all([text(output), text(errors)])
  const code = await main(argv, { input, output, errors })
  output.end()
  errors.end()
  const [said, complained] = await read
  return { code, output: said, errors: complained }
}
