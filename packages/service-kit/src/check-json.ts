import { type FieldError, toPath } from './field-errors.ts'

const MAX_DEPTH = 32
const MAX_ERRORS = 50

const OPENING_BRACE = 0x7b
const OPENING_BRACKET = 0x5b

/**
 * Whether the text can hold anything that {@link checkJson} would find. Nearly none can: in valid UTF-8, NUL and
 * lone surrogates only come as `\u` escapes, and nesting needs as many openings.
 */
export function needsCheck(text: string): boolean {
  return text.includes('\\u') || text.includes('"__proto__"') || opensMoreThan(text, MAX_DEPTH)
}

/** Names each place that holds what must not come in; parents before children, {@link MAX_ERRORS} at most. */
export function checkJson(value: unknown): FieldError[] {
  const errors: FieldError[] = []
  check(value, [], errors)
  return errors
}

function check(value: unknown, path: readonly PropertyKey[], errors: FieldError[]): void {
  if (errors.length >= MAX_ERRORS) return
  if (typeof value === 'string' && isUnstorable(value)) {
    errors.push({ path: toPath(path), message: UNSTORABLE })
  }
  if (typeof value !== 'object' || value === null) return
  if (path.length >= MAX_DEPTH) {
    errors.push({ path: toPath(path), message: `Nested more than ${MAX_DEPTH} levels deep.` })
    return
  }
  // An array's keys are its indexes, which need no look.
  for (const [key, inner] of Object.entries(value)) {
    const message = Array.isArray(value) ? undefined : findBadKey(key)
    if (message === undefined) check(inner, [...path, key], errors)
    else errors.push({ path: toPath(path), message })
  }
}

function findBadKey(key: string): string | undefined {
  // Harmless here, but not to whoever assigns the object to another.
  if (key === '__proto__') return 'A field must not be called __proto__.'
  return isUnstorable(key) ? `In the name of a field: ${UNSTORABLE}` : undefined
}

const UNSTORABLE = 'A NUL or half of a surrogate pair.'

function isUnstorable(text: string): boolean {
  return text.includes('\0') || LONE_SURROGATE.test(text)
}

// With the u flag a whole pair is one code point, so only halves match.
const LONE_SURROGATE = /\p{Surrogate}/u

function opensMoreThan(text: string, limit: number): boolean {
  let openings = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === OPENING_BRACE || unit === OPENING_BRACKET) openings++
    if (openings > limit) return true
  }
  return false
}
