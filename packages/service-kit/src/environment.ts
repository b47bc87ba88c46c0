import { readFileSync } from 'node:fs'
import type { Values, Variable, VariableShape } from './environment-variables.ts'

/** Everything that is wrong with the environment, a line each. Values never stand in it: they may be secrets. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface ReadOptions {
  /** Reads what `NAME_FILE` points to. */
  readFile?: (path: string) => string
}

type Reading = { kind: 'value'; value: unknown } | { kind: 'problem'; line: string }
type Source = { kind: 'text'; text: string } | { kind: 'unset' } | { kind: 'problem'; line: string }

/**
 * Reads every variable of the shape, from `NAME` or from the file that `NAME_FILE` names.
 * An empty variable counts as not set. Throws one {@link EnvironmentError} that names all that is wrong.
 */
export function readEnvironment<Shape extends VariableShape>(
  shape: Shape,
  env: Environment,
  { readFile = (path) => readFileSync(path, 'utf8') }: ReadOptions = {},
): Values<Shape> {
  const readings = Object.entries(shape).map(([name, variable]) => ({
    name,
    reading: readVariable(name, variable, findSource(name, env, readFile)),
  }))
  const problems = readings.flatMap(({ reading }) =>
    reading.kind === 'problem' ? [reading.line] : [],
  )
  if (problems.length > 0) throw new EnvironmentError(problems)

  const values = readings.map(({ name, reading }) => [
    name,
    reading.kind === 'value' ? reading.value : undefined,
  ])
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- each value is of the variable of its name
  return Object.fromEntries(values) as Values<Shape>
}

function findSource(name: string, env: Environment, readFile: (path: string) => string): Source {
  const text = env[name]
  const path = env[`${name}_FILE`]
  if (!path) return text ? { kind: 'text', text } : { kind: 'unset' }
  if (text) {
    return { kind: 'problem', line: `${name} and ${name}_FILE are both set: set one of them` }
  }
  try {
    const content = readFile(path).replace(/\r?\n$/, '')
    return content ? { kind: 'text', text: content } : { kind: 'unset' }
  } catch (err) {
    // The path is not repeated: someone may have put the secret itself there.
    return { kind: 'problem', line: `${name}_FILE names a file that cannot be read${codeOf(err)}` }
  }
}

function readVariable(name: string, variable: Variable<unknown>, source: Source): Reading {
  if (source.kind === 'problem') return source
  const expected = `${variable.form}, for example ${name}=${variable.example}`
  if (source.kind === 'unset') {
    return variable.unset
      ? { kind: 'value', value: variable.unset.value }
      : { kind: 'problem', line: `${name} is not set: it takes ${expected}` }
  }
  const parsed = variable.schema.safeParse(source.text)
  return parsed.success
    ? { kind: 'value', value: parsed.data }
    : { kind: 'problem', line: `${name} is wrong: it takes ${expected}` }
}

function codeOf(err: unknown): string {
  return typeof err === 'object' && err !== null && 'code' in err && typeof err.code === 'string'
    ? ` (${err.code})`
    : ''
}
