import { pino } from 'pino'

export interface LogOutput {
  write: (line: string) => void
}

/**
 * Lines of one turn of the event loop go out in one write: requests that are committed together are answered, and
 * logged, together, and a write each cost as much as the rest of their logging. The last turn's go out with the exit.
 */
export function joinLines(
  output: LogOutput,
  onExit: (run: () => void) => void = (run) => process.once('exit', run),
): LogOutput {
  let lines = ''
  const flush = () => {
    if (lines === '') return
    const text = lines
    lines = ''
    output.write(text)
  }
  onExit(flush)
  return {
    write(line) {
      if (lines === '') setImmediate(flush)
      lines += line
    },
  }
}

let stdout: LogOutput | undefined

/** One for all loggers of the process. It writes synchronously: the last line before an exit is the one that matters. */
export function openStdout(): LogOutput {
  stdout ??= joinLines(pino.destination({ fd: 1, sync: true }))
  return stdout
}
