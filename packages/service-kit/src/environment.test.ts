import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { type Environment, EnvironmentError, readEnvironment } from './environment.ts'
import {
  flag,
  integer,
  json,
  list,
  oneOf,
  optional,
  parsed,
  text,
  url,
} from './environment-variables.ts'

const shape = {
  PORT: integer({ min: 1, max: 65_535, default: 3000 }),
  TOKEN: text({ example: 'abc', pattern: /^[a-z]+$/ }),
  REDIS_URL: optional(url({ protocols: ['redis', 'rediss'], example: 'redis://127.0.0.1' })),
}

function problemsOf(env: Environment, readFile?: (path: string) => string): readonly string[] {
  try {
    readEnvironment(shape, env, readFile && { readFile })
  } catch (err) {
    if (err instanceof EnvironmentError) return err.problems
    throw err
  }
  return []
}

describe('readEnvironment', () => {
  test('gives typed values, defaults and undefined for what may be left out', () => {
    const values: { PORT: number; TOKEN: string; REDIS_URL: string | undefined } = readEnvironment(
      shape,
      { PORT: '', TOKEN: 'abc' },
    )
    expect(values).toEqual({ PORT: 3000, TOKEN: 'abc', REDIS_URL: undefined })
  })

  test('names every wrong variable at once, with form and example, and never a value', () => {
    const problems = problemsOf({ PORT: '70000', TOKEN: 'S3CRET!', REDIS_URL: 'http://x' })
    expect(problems).toEqual([
      'PORT is wrong: it takes a whole number from 1 to 65535, for example PORT=3000',
      'TOKEN is wrong: it takes a text, for example TOKEN=abc',
      'REDIS_URL is wrong: it takes a URL with redis:// or rediss://, for example REDIS_URL=redis://127.0.0.1',
    ])
    expect(new EnvironmentError(problems).message.split('\n')).toHaveLength(3)
  })

  test.each([undefined, ''])('says that a required variable is not set when it is %p', (TOKEN) => {
    expect(problemsOf({ TOKEN })).toEqual([
      'TOKEN is not set: it takes a text, for example TOKEN=abc',
    ])
  })

  test.each(['secret', 'secret\n', 'secret\r\n'])('reads NAME_FILE: %j', (content) => {
    const values = readEnvironment(shape, { TOKEN_FILE: '/t' }, { readFile: () => content })
    expect(values.TOKEN).toBe('secret')
  })

  test('reads a real file by default', () => {
    const env = { TOKEN_FILE: '/dev/null', PORT_FILE: '/dev/null' }
    expect(problemsOf(env)).toEqual(['TOKEN is not set: it takes a text, for example TOKEN=abc'])
  })

  test('refuses a variable that is set both ways, and a file that cannot be read', () => {
    expect(problemsOf({ TOKEN: 'a', TOKEN_FILE: '/t' })).toEqual([
      'TOKEN and TOKEN_FILE are both set: set one of them',
    ])
    expect(problemsOf({ TOKEN_FILE: '/no/such/file' })).toEqual([
      'TOKEN_FILE names a file that cannot be read (ENOENT)',
    ])
  })
})

describe('the builders', () => {
  const window = parsed(z.string().regex(/^\d\d-\d\d$/), { form: 'hours', example: '21-08' })
  test.each([
    ['integer', integer(), '12', 12],
    ['integer', integer({ min: -5 }), '-5', -5],
    ['flag', flag(), 'true', true],
    ['flag', flag(true), 'FALSE', false],
    ['oneOf', oneOf(['a', 'b']), 'b', 'b'],
    ['list', list({ example: '["TW"]' }), '["TW","JP"]', ['TW', 'JP']],
    ['list of', list({ of: z.number(), example: '[1]' }), '[1]', [1]],
    ['json', json(z.object({ a: z.int() }), { form: 'x', example: 'y' }), '{"a":1}', { a: 1 }],
    ['url', url({ example: 'https://a' }), 'https://host/api/v1', 'https://host/api/v1'],
    ['parsed', window, '21-08', '21-08'],
  ])('%s takes its form', (_name, variable, given, expected) => {
    expect(readEnvironment({ X: variable }, { X: given })).toEqual({ X: expected })
  })

  test.each([
    ['integer', integer(), '-1'],
    ['integer', integer(), '1.5'],
    ['integer', integer(), '0x10'],
    ['integer', integer(), ' 1'],
    ['integer', integer(), '99999999999999999999'],
    ['flag', flag(), 'yes'],
    ['oneOf', oneOf(['a', 'b'], 'a'), 'c'],
    ['list', list({ example: '["TW"]' }), 'TW'],
    ['list', list({ example: '["TW"]' }), '[1]'],
    ['json', json(z.object({ a: z.int() }), { form: 'x', example: 'y' }), '{"a":"1"}'],
    ['url', url({ example: 'https://a' }), 'ftp://host'],
  ])('%s refuses anything else: %#', (_name, variable, given) => {
    expect(() => readEnvironment({ X: variable }, { X: given })).toThrow(EnvironmentError)
  })

  test.each([
    [flag(false), false],
    [oneOf(['a', 'b'], 'b'), 'b'],
    [list({ example: '[]', default: ['TW'] }), ['TW']],
    [integer({ default: 0 }), 0],
  ])('has its default when it is not set: %#', (variable, expected) => {
    expect(readEnvironment({ X: variable }, {})).toEqual({ X: expected })
  })
})
