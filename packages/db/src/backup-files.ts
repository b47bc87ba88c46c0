import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { BackupFile } from './backup-manifest.ts'

export interface TableColumns {
  name: string
  columns: readonly string[]
}

/** A table's rows, as text, into a new file that its owner alone can read. */
export async function copyOut(
  client: pg.Client,
  { name, columns }: TableColumns,
  path: string,
): Promise<BackupFile> {
  const hash = createHash('sha256')
  const rows = client.query(copyTo(`copy (select ${quote(columns)} from "${name}") to stdout`))
  await pipeline(
    rows,
    passing(hash),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  )
  return { rows: rows.rowCount, sha256: hash.digest('hex') }
}

export async function copyIn(
  client: pg.Client,
  { name, columns }: TableColumns,
  path: string,
): Promise<void> {
  const into = client.query(copyFrom(`copy "${name}" (${quote(columns)}) from stdin`))
  await pipeline(createReadStream(path), into)
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function quote(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ')
}

function passing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
}
