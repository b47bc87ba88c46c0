import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import { parse } from 'csv-parse'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

/** A row of a file: its cells, or why it cannot be read. The first of the file is 1. */
export type CsvRow = { row: number; cells: readonly string[] } | { row: number; unreadable: string }

const MIB = 1024 * 1024
const LIMIT_BYTES = 64 * MIB
/** No row of ours needs more; a row of a million cells would cost gigabytes. */
const MAX_ROW_CHARACTERS = 65_536

/** The rows of a request's body as they come in, no faster than they are taken. */
export async function* readCsvRows(req: IncomingMessage): AsyncGenerator<CsvRow> {
  let row = 0
  const unread: CsvRow[] = []
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_CHARACTERS,
    // The number travels in front of the cells: what is skipped counts too.
    on_record: (cells: string[]) => {
      row += 1
      return cells.every((cell) => cell.trim() === '') ? null : [String(row), ...cells]
    },
    on_skip: (err) => {
      row += 1
      unread.push({ row, unreadable: explain(err?.code) })
      return undefined
    },
  })
  const source = limited(req)
  let failure: Error | undefined
  pipeline(source, parser, (err) => {
    failure = err ?? undefined
  })
  try {
    for await (const each of parser) {
      yield* unread.splice(0)
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- what on_record made; the parser's own iterator is untyped
      const [number, ...cells] = each as string[]
      yield { row: Number(number), cells }
    }
  } catch (err) {
    throw toProblem(failure ?? err)
  }
  yield* unread.splice(0)
}

async function* limited(req: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of req) {
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a request without an encoding gives buffers
    const buffer = chunk as Buffer
    bytes += buffer.length
    if (bytes > LIMIT_BYTES) throw tooLarge()
    yield buffer
  }
}

/** What the caller announces is refused before a row is read. */
export function requireCsv({ headers }: IncomingMessage): void {
  if (!/^text\/csv[ \t]*(?:;|$)/i.test(headers['content-type'] ?? '')) {
    throw new HttpProblem('unsupported-media-type', 'Send text/csv in UTF-8.')
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw new HttpProblem('unsupported-media-type', 'Send the body without a Content-Encoding.')
  }
  if (Number(headers['content-length'] ?? 0) > LIMIT_BYTES) throw tooLarge()
}

function tooLarge(): HttpProblem {
  const detail = `The file may have ${LIMIT_BYTES / MIB} MiB: send it in parts. What came before that is imported.`
  return new HttpProblem('body-too-large', detail)
}

function explain(code: string | undefined): string {
  return code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a quote is opened and never closed: what comes after it was not read'
    : 'it is not CSV'
}

function toProblem(err: unknown): unknown {
  if (err instanceof Error && 'code' in err && err.code === 'CSV_MAX_RECORD_SIZE') {
    const detail = `A row may have ${MAX_ROW_CHARACTERS} characters. What came before it is imported.`
    return new HttpProblem('invalid-request', detail)
  }
  if (
    err instanceof Error &&
    'code' in err &&
    String(err.code).startsWith('ERR_STREAM_PREMATURE')
  ) {
    return new HttpProblem('invalid-request', 'The body ended too early.')
  }
  return err
}
