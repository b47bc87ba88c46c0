import { z } from 'zod'
import { parseRequest } from './problem.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

const Page = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(DEFAULT_LIMIT)
    .transform((limit) => Math.min(limit, MAX_LIMIT)),
  /** Of our own making: visible ASCII. */
  cursor: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional(),
})

/** `limit` (50; over 500 is 500) and `cursor`, as every list takes them. */
export function readPage(query: unknown): { limit: number; cursor: string | undefined } {
  const { limit, cursor } = parseRequest(Page, query)
  return { limit, cursor }
}
