import { isNativeError } from 'node:util/types'
import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino'
import { openStdout } from './log-output.ts'

export type Logger = PinoLogger

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What may hold a number, a text or a secret. The net below the rule that nobody logs them in the first place. */
const PRIVATE_FIELDS = [
  ...['authorization', 'cookie', 'x-twilio-signature', 'x-cht-signature', 'headers'],
  ...['key', 'apiKey', 'api_key', 'password', 'secret', 'token', 'credentials'],
  ...['phone', 'phones', 'to', 'from', 'recipient', 'recipients', 'to_addr', 'To', 'From'],
  ...['text', 'message', 'body', 'Body', 'content', 'rawBody', 'payload', 'template_data'],
  ...['data', 'templateData', 'parameters', 'url', 'originalUrl'],
]
const PRIVATE = new Set(PRIVATE_FIELDS)
const CENSORED = '[Redacted]'
const MAX_DEPTH = 5
const MAX_CAUSES = 3

/** JSON lines on stdout, ISO times. */
export function createLogger(
  name: string,
  level: LogLevel,
  destination: DestinationStream = openStdout(),
): Logger {
  const options = {
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: toPlainError },
    // pino's own wildcards reach one level, miss arrays and cost 6 µs a line: it censors the top (child loggers too), we the rest.
    redact: PRIVATE_FIELDS.map((field) => `["${field}"]`),
    formatters: { log: censorNested },
  }
  return pino(options, destination)
}

/** Only the fields we know: clients hang requests, headers and bodies on their errors, PostgreSQL the row. */
function toPlainError(err: unknown, causes = MAX_CAUSES): unknown {
  if (!isError(err)) return err
  const { code, status, errors }: Error & { code?: unknown; status?: unknown; errors?: unknown } =
    err
  return {
    type: err.name,
    message: err.message,
    stack: err.stack,
    ...(isShort(code) && { code }),
    ...(isShort(status) && { status }),
    ...(causes > 0 && isError(err.cause) && { cause: toPlainError(err.cause, causes - 1) }),
    ...(causes > 0 && Array.isArray(errors) && { errors: toPlainErrors(errors) }),
  }
}

/** Of an AggregateError: the addresses of a host that were tried, and such. */
function toPlainErrors(errors: readonly unknown[]): unknown[] {
  return errors
    .filter(isError)
    .slice(0, MAX_CAUSES)
    .map((each) => toPlainError(each, 0))
}

function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value)
}

function isShort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.length < 64)
}

/** Flat lines, nearly all of them, pass untouched and cost nothing. */
function censorNested(line: Record<string, unknown>): Record<string, unknown> {
  for (const field in line) {
    const value = line[field]
    if (typeof value === 'object' && value !== null) return censorFields(line, MAX_DEPTH, false)
  }
  return line
}

function censorFields(value: object, depth: number, nested = true): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      nested && PRIVATE.has(field) ? CENSORED : censor(inner, depth - 1),
    ]),
  )
}

function censor(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isError(value)) return toPlainError(value)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Date) return value
  if (depth <= 0) return '[Deep]'
  if (hasToJson(value)) return censor(value.toJSON(), depth - 1)
  return Array.isArray(value)
    ? value.map((item) => censor(item, depth - 1))
    : censorFields(value, depth)
}

function hasToJson(value: object): value is { toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}
