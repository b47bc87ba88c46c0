const CHUNK_ROWS = 2_000
const HEADER = 'phone,order_id,delivery_time\r\n'
const BOUNDARY = 'bench-campaign-boundary'

export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`

export function phoneOf(index: number): string {
  return `09${String(index).padStart(8, '0')}`
}

/** The form of a campaign with a file of so many rows, as it is written: nobody holds all of it. */
export function* writeForm(rows: number): Generator<Buffer> {
  const fields = {
    name: 'bench',
    message_type: 'order_confirmation',
    template_code: 'order_confirmation',
    draft: 'true',
    canary: 'null',
  }
  for (const [name, value] of Object.entries(fields)) {
    yield part(`name="${name}"`, `${value}\r\n`)
  }
  yield part('name="file"; filename="people.csv"', HEADER)
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const size = Math.min(CHUNK_ROWS, rows - start)
    const lines = Array.from({ length: size }, (_, index) => toLine(start + index))
    yield Buffer.from(lines.join(''))
  }
  yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
}

function toLine(index: number): string {
  return `${phoneOf(index)},A${index},14:30\r\n`
}

function part(disposition: string, content: string): Buffer {
  return Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}`,
  )
}
