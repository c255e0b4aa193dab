import type { Clock } from '../../clock.ts'

export interface KanikoLog {
  info(message: string): void
  warn(message: string): void
  /** What a program of the build prints itself. */
  plain(line: string): void
}

/** logrus with colours, as Kaniko writes it: text_formatter.go, printColored. */
export function kanikoLog(clock: Clock, write: (line: string) => void): KanikoLog {
  const began = clock.now()
  const told = (color: number, level: string, message: string): void => {
    const seconds = Math.floor((clock.now() - began) / 1_000)
    write(`\x1b[${color}m${level}\x1b[0m[${String(seconds).padStart(4, '0')}] ${message.padEnd(44)} `)
  }
  return {
    info: (message) => told(36, 'INFO', message),
    warn: (message) => told(33, 'WARN', message),
    plain: write,
  }
}
