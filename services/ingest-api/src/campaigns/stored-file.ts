import { createHash } from 'node:crypto'
import type { BusboyFileStream } from '@fastify/busboy'
import { readUploadPart, storeUploadPart } from '@sms-gateway/db/campaign-uploads'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { createEncodingProbe, type FileEncoding } from './file-encoding.ts'

const MIB = 1024 * 1024
export const MAX_FILE_BYTES = 256 * MIB
const PART_BYTES = MIB / 4

/** What of an upload was put by. */
export interface StoredFile {
  parts: number
  encoding: FileEncoding
  /** SHA-256, in hex. */
  digest: string
}

export interface UploadDeps {
  db: Db
  vault: Vault
}

export async function storeFile(
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
