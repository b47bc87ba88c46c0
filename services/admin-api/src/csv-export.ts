import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { shownIn } from '@sms-gateway/access/answer-guard'
import { toCsvRow } from '@sms-gateway/domain/csv-row'

export interface CsvExport<Row extends { position: number }> {
  name: string
  columns: readonly string[]
  /** Newest first, below a position. */
  list: (before: number | undefined, limit: number) => Promise<Row[]>
  /** Null for a row that has nothing to show. */
  toCells: (row: Row) => (string | null)[] | null
}

const PAGE = 1_000
/** Of a reader that has stopped reading. */
const IDLE_LIMIT_MS = 60_000
/** Without it Excel takes the file for one in the code page of its machine. */
const BOM = '\ufeff'

/** A page at a time, as fast as the caller reads; nothing is held open between pages. */
export async function sendCsv<Row extends { position: number }>(
  res: Response,
  { name, columns, list, toCells }: CsvExport<Row>,
): Promise<void> {
  // Before the first byte, so that a database that is away is a 503.
  let page = await list(undefined, PAGE)
  res.status(200).type('text/csv').attachment(name)
  res.set('Cache-Control', 'no-store')
  const shown = shownIn(res)
  const toLine = (cells: readonly (string | null)[]) => {
    // By their names, so that the number of a row is known in its texts too.
    const row = shown(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null])))
    return toCsvRow(columns.map((column) => row[column] ?? null))
  }
  const lines = async function* () {
    yield BOM + toCsvRow(columns)
    while (page.length > 0) {
      yield page
        .map(toCells)
        .flatMap((cells) => (cells ? [toLine(cells)] : []))
        .join('')
      const last = page.at(-1)
      page = page.length < PAGE ? [] : await list(last?.position, PAGE)
    }
  }
  res.setTimeout(IDLE_LIMIT_MS, () => res.destroy())
  try {
    await pipeline(Readable.from(lines()), res)
  } catch (err) {
    // Gone, or as good as gone: there is nobody left to tell.
    if (!isPremature(err)) throw err
  }
}

function isPremature(err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
