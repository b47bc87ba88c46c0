import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { MAX_FILE_BYTES } from './stored-file.ts'

const MAX_FIELD_BYTES = 64 * 1024
const MAX_FIELDS = 40

export function refuseBroken(
  form: BusboyInstance,
  req: IncomingMessage,
  reject: (problem: HttpProblem) => void,
): void {
  for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
    form.on(event, () => {
      reject(invalidUpload(`Send one file and at most ${MAX_FIELDS} fields.`))
    })
  }
  form.on('error', () => {
    reject(invalidUpload('The form is not whole, or not multipart/form-data.'))
  })
  req.on('close', () => {
    if (!req.complete) reject(invalidUpload('The upload ended too early.'))
  })
}

export function createForm(req: IncomingMessage): BusboyInstance {
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
    throw invalidUpload('The form has no boundary.')
  }
}

export function invalidUpload(detail: string): HttpProblem {
  return new HttpProblem('invalid-upload', detail)
}
