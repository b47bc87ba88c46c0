import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { readUploadPart, storeUploadPart } from '@sms-gateway/db/campaign-uploads'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { createEncodingProbe, type FileEncoding } from './file-encoding.ts'
import type { UploadLimits } from './upload-limits.ts'
import { watchUpload } from './upload-watch.ts'

/** A form that has been read to its end. */
export interface Upload {
  fields: Readonly<Record<string, string>>
  /** `undefined` where the form had none. */
  file: StoredFile | undefined
}

export interface StoredFile {
  parts: number
  encoding: FileEncoding
  /** SHA-256, in hex. */
  digest: string
}

const MIB = 1024 * 1024
const MAX_FILE_BYTES = 256 * MIB
const MAX_FIELD_BYTES = 64 * 1024
const MAX_FIELDS = 40
const PART_BYTES = MIB / 4

interface UploadDeps {
  db: Db
  vault: Vault
}

/**
 * Reads a form whose parts come in any order. What a column is may be said behind the file, so the file is put by,
 * sealed, in PostgreSQL: as fast as that takes it, and never more than a piece of it here. However it ends, no piece is
 * being stored any more.
 */
export async function storeUpload(
  deps: UploadDeps,
  req: IncomingMessage,
  { uploadId, limits }: { uploadId: string; limits: UploadLimits },
): Promise<Upload> {
  const form = createForm(req)
  const fields: Record<string, string> = {}
  let fileStream: BusboyFileStream | undefined
  let storing: Promise<StoredFile> | undefined
  let endWatch: (() => void) | undefined
  const finished = new Promise<void>((resolve, reject) => {
    refuseBroken(form, req, reject)
    form.on('field', (name, value, _nameTruncated, valueTruncated) => {
      if (valueTruncated) reject(invalid(`The field ${printable(name)} is too long.`))
      // A form sends what was left empty.
      else if (value !== '') fields[name] = value
    })
    form.on('file', (name, stream) => {
      if (name !== 'file') {
        stream.resume()
        reject(invalid('Send one file, in the part "file".'))
        return
      }
      fileStream = stream
      storing = storeFile(deps, uploadId, stream)
      storing.catch(reject)
    })
    form.on('finish', resolve)
    endWatch = watchUpload(req, limits, reject)
  })
  req.pipe(form)
  try {
    await finished
    return { fields, file: await storing }
  } catch (err) {
    // The rest is still read, and dropped: a caller that is cut off while it writes never reads the answer.
    req.unpipe(form)
    form.destroy()
    req.resume()
    // Else a piece that is on its way to the database would be stored after all was dropped.
    fileStream?.destroy()
    await storing?.catch(() => undefined)
    throw err
  } finally {
    endWatch?.()
  }
}

function refuseBroken(
  form: BusboyInstance,
  req: IncomingMessage,
  reject: (problem: HttpProblem) => void,
): void {
  for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
    form.on(event, () => {
      reject(invalid(`Send one file and at most ${MAX_FIELDS} fields.`))
    })
  }
  form.on('error', () => {
    reject(invalid('The form is not whole, or not multipart/form-data.'))
  })
  req.on('close', () => {
    if (!req.complete) reject(invalid('The upload ended too early.'))
  })
}

function createForm(req: IncomingMessage): BusboyInstance {
  const type = req.headers['content-type'] ?? ''
  try {
    return new Busboy({
      headers: { ...req.headers, 'content-type': type },
      limits: {
        files: 1,
        fields: MAX_FIELDS,
        fieldSize: MAX_FIELD_BYTES,
        fileSize: MAX_FILE_BYTES,
        headerPairs: 20,
      },
      isPartAFile: (name, _type, fileName) => name === 'file' || fileName !== undefined,
    })
  } catch {
    throw invalid('The form has no boundary.')
  }
}

async function storeFile(
  { db, vault }: UploadDeps,
  uploadId: string,
  stream: BusboyFileStream,
): Promise<StoredFile> {
  const probe = createEncodingProbe()
  const hash = createHash('sha256')
  let parts = 0
  let chunks: Buffer[] = []
  let length = 0
  const flush = async () => {
    const bytes = Buffer.concat(chunks)
    chunks = []
    length = 0
    probe.push(bytes)
    hash.update(bytes)
    await storeUploadPart(db, vault, { uploadId, part: parts, bytes })
    parts += 1
  }
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue
    chunks.push(chunk)
    length += chunk.length
    if (length >= PART_BYTES) await flush()
  }
  if (length > 0) await flush()
  if (stream.truncated) {
    throw new HttpProblem('body-too-large', `The file may have ${MAX_FILE_BYTES / MIB} MiB.`)
  }
  return { parts, encoding: probe.encoding(), digest: hash.digest('hex') }
}

/** Some hundred rows: what is made of a piece is gone before the collector takes it for old. */
const PIECE_BYTES = 16 * 1024

/** The bytes of a file that was put by, piece by piece. */
export async function* readUpload(
  { db, vault }: UploadDeps,
  uploadId: string,
  { parts }: StoredFile,
): AsyncGenerator<Buffer> {
  for (let part = 0; part < parts; part++) {
    const bytes = await readUploadPart(db, vault, { uploadId, part })
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield bytes.subarray(at, at + PIECE_BYTES)
    }
  }
}

function invalid(detail: string): HttpProblem {
  return new HttpProblem('invalid-upload', detail)
}

function printable(name: string): string {
  return /^[\w-]{1,50}$/.test(name) ? name : '?'
}
