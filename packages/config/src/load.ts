import { type Environment, EnvironmentError } from '@sms-gateway/service-kit/environment'
import { resolveSecrets } from './resolve-secrets.ts'
import { openSecretManager } from './secret-manager.ts'

/** What is wrong with the environment ends the start: one line for each variable, and exit code 1. */
export async function loadOrExit<T>(read: (env: Environment) => T, env: Environment): Promise<T> {
  try {
    return read(await resolveSecrets(read, env, { open: openSecretManager }))
  } catch (err) {
    if (!(err instanceof EnvironmentError)) throw err
    process.stderr.write(`${err.problems.join('\n')}\n`)
    process.exit(1)
  }
}
