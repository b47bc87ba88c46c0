import type { Environment } from '@sms-gateway/service-kit/environment'
import { EnvironmentError } from '@sms-gateway/service-kit/environment'
import { type FetchSecret, SecretError } from './secret-manager.ts'
import { readSecretName, SECRET_FORM, SECRET_SCHEME } from './secret-name.ts'

export interface SecretOptions {
  open: (endpoint: string | undefined) => Promise<FetchSecret>
}

/**
 * The environment with the secrets that `read` asks for in the place of their names. Nothing is loaded where none is
 * named; what others are told in the same environment is not fetched.
 */
export async function resolveSecrets(
  read: (env: Environment) => unknown,
  env: Environment,
  { open }: SecretOptions,
): Promise<Environment> {
  const named = Object.keys(env).filter((name) => env[name]?.startsWith(SECRET_SCHEME))
  if (named.length === 0) return env
  const asked = listAsked(read, env, new Set(named))
  if (asked.length === 0) return env

  const fetchSecret = await open(env['SECRET_MANAGER_ENDPOINT'])
  const readings = await Promise.all(
    asked.map(async (name) => ({ name, ...(await fetchValue(fetchSecret, name, env[name])) })),
  )
  const problems = readings.flatMap(({ problem }) => problem ?? [])
  if (problems.length > 0) throw new EnvironmentError(problems)
  return { ...env, ...Object.fromEntries(readings.map(({ name, value }) => [name, value])) }
}

async function fetchValue(
  fetchSecret: FetchSecret,
  variable: string,
  text = '',
): Promise<{ value?: string; problem?: string }> {
  const name = readSecretName(text)
  if (name === undefined) {
    return { problem: `${variable} is wrong: a secret is named ${SECRET_FORM}` }
  }
  try {
    return { value: await fetchSecret(name) }
  } catch (err) {
    if (!(err instanceof SecretError)) throw err
    return { problem: `${variable} names the secret ${name}, which cannot be read: ${err.message}` }
  }
}

/** Those of the names whose values are read; what is wrong with them now is no news. */
function listAsked(
  read: (env: Environment) => unknown,
  env: Environment,
  names: ReadonlySet<string>,
): string[] {
  const asked = new Set<string>()
  const watched = new Proxy(env, {
    get(target, name) {
      if (typeof name !== 'string') return undefined
      if (names.has(name)) asked.add(name)
      return target[name]
    },
  })
  try {
    read(watched)
  } catch (err) {
    if (!(err instanceof EnvironmentError)) throw err
  }
  return [...asked]
}
