import { z } from 'zod'
import type { Vault } from '@sms-gateway/db/vault'

/** A field that an entry gets some day and the spool does not keep is an error of the compiler. */
export type FieldsOf<T> = Record<keyof T, z.ZodType>

export const Time = z.iso.datetime().transform((time) => new Date(time))

/** How one kind of entry stands in a segment, a line each. */
export interface SpoolCodec<T> {
  /** The line, its end included. */
  seal: (entry: T) => string
  /** `undefined` for a line that is torn, changed, sealed with a key that is not here, or of another form. */
  open: (line: string) => T | undefined
}

/** `context` tells the lines apart from what else the same keys seal. */
export function createCodec<T>(vault: Vault, context: string, schema: z.ZodType<T>): SpoolCodec<T> {
  return {
    seal: (entry) => `${vault.seal(JSON.stringify(entry), context).toString('base64')}\n`,
    open(line) {
      try {
        return schema.parse(JSON.parse(vault.open(Buffer.from(line, 'base64'), context)))
      } catch {
        return undefined
      }
    },
  }
}
