import { z } from 'zod'

/** One variable: how its text is read, and what an operator is told when it is missing or wrong. */
export interface Variable<T> {
  readonly schema: z.ZodType<T, string>
  /** Completes "it takes ...": `a whole number from 1 to 65535`. */
  readonly form: string
  readonly example: string
  /** Present when the variable may be left out: the value it has then. */
  readonly unset?: { readonly value: T }
}

export type VariableShape = Readonly<Record<string, Variable<unknown>>>

export type Values<Shape extends VariableShape> = {
  [Name in keyof Shape]: Shape[Name] extends Variable<infer T> ? T : never
}

export interface VariableOptions<T> {
  example: string
  form?: string
  /** Without one the variable is required. */
  default?: T
}

/** The builder under the others, for a form of its own: a schema that takes the text. */
export function parsed<T>(
  schema: z.ZodType<T, string>,
  { form, example, ...rest }: VariableOptions<T> & { form: string },
): Variable<T> {
  const fallback = rest.default
  return { schema, form, example, ...(fallback !== undefined && { unset: { value: fallback } }) }
}

/** The same variable, `undefined` where it is not set. */
export function optional<T>({ schema, form, example }: Variable<T>): Variable<T | undefined> {
  return { schema, form, example, unset: { value: undefined } }
}

export function text(options: VariableOptions<string> & { pattern?: RegExp }): Variable<string> {
  const schema = options.pattern ? z.string().regex(options.pattern) : z.string()
  return parsed(schema, { form: 'a text', ...options })
}

export interface IntegerOptions extends Partial<VariableOptions<number>> {
  min?: number
  max?: number
}

export function integer({ min = 0, max, ...options }: IntegerOptions = {}): Variable<number> {
  const limit = max ?? Number.MAX_SAFE_INTEGER
  const schema = z
    .string()
    .regex(/^-?[0-9]{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(limit))
  const form =
    max === undefined ? `a whole number from ${min} up` : `a whole number from ${min} to ${max}`
  return parsed(schema, { form, example: String(options.default ?? min), ...options })
}

export function flag(fallback?: boolean): Variable<boolean> {
  const schema = z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false']))
    .transform((word) => word === 'true')
  return parsed(schema, {
    form: 'true or false',
    example: String(fallback ?? true),
    ...(fallback !== undefined && { default: fallback }),
  })
}

export function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
  fallback?: NoInfer<Word>,
): Variable<Word> {
  return parsed(z.enum(words), {
    form: `one of ${words.join(', ')}`,
    example: fallback ?? words[0],
    ...(fallback !== undefined && { default: fallback }),
  })
}

/** A URL as text. `protocols` without the colon: `['postgres', 'postgresql']`. */
export function url({
  protocols = ['http', 'https'],
  ...options
}: VariableOptions<string> & { protocols?: readonly string[] }): Variable<string> {
  const schema = z.url({ protocol: new RegExp(`^(?:${protocols.join('|')})$`) })
  return parsed(schema, { form: `a URL with ${protocols.join(':// or ')}://`, ...options })
}

/** JSON that the schema accepts. */
export function json<T>(
  schema: z.ZodType<T>,
  options: VariableOptions<T> & { form: string },
): Variable<T> {
  return parsed(jsonText.pipe(schema), options)
}

/** A JSON array; of texts, unless `of` says more. */
export function list(options: VariableOptions<string[]>): Variable<string[]>
export function list<T>(options: VariableOptions<T[]> & { of: z.ZodType<T> }): Variable<T[]>
export function list({
  of = z.string(),
  ...options
}: VariableOptions<unknown[]> & { of?: z.ZodType }): Variable<unknown[]> {
  return json(z.array(of), { form: 'a JSON array of texts', ...options })
}

const jsonText = z.string().transform((value, ctx): unknown => {
  try {
    return JSON.parse(value)
  } catch {
    ctx.addIssue({ code: 'custom', message: 'not JSON' })
    return z.NEVER
  }
})
