import type { IncomingMessage } from 'node:http'
import type { BusboyFileStream } from '@fastify/busboy'
import { type StoredFile, storeFile, type UploadDeps } from './stored-file.ts'
import { createForm, invalidUpload, refuseBroken } from './upload-form.ts'
import type { UploadLimits } from './upload-limits.ts'
import { watchUpload } from './upload-watch.ts'

/** A form that has been read to its end. */
export interface Upload {
  fields: Readonly<Record<string, string>>
  /** `undefined` where the form had none. */
  file: StoredFile | undefined
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
      if (valueTruncated) reject(invalidUpload(`The field ${printable(name)} is too long.`))
      // A form sends what was left empty.
      else if (value !== '') fields[name] = value
    })
    form.on('file', (name, stream) => {
      if (name !== 'file') {
        stream.resume()
        reject(invalidUpload('Send one file, in the part "file".'))
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

function printable(name: string): string {
  return /^[\w-]{1,50}$/.test(name) ? name : '?'
}
