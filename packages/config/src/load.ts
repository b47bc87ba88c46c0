import { EnvironmentError } from '@sms-gateway/service-kit/environment'

/** What is wrong with the environment ends the start: one line for each variable, and exit code 1. */
export function loadOrExit<T>(read: () => T): T {
  try {
    return read()
  } catch (err) {
    if (!(err instanceof EnvironmentError)) throw err
    process.stderr.write(`${err.problems.join('\n')}\n`)
    process.exit(1)
  }
}
