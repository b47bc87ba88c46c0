import { z } from 'zod'

/** `POST /held/release`: messages that wait for a fraud check. */
export const ReleaseHeldRequest = z.strictObject({
  client_id: z
    .uuid()
    .optional()
    .describe('Of one API client; a key without `admin` has its own alone'),
  dry_run: z.boolean().default(false),
})
export type ReleaseHeldRequest = z.output<typeof ReleaseHeldRequest>

export const ReleaseHeldResponse = z.strictObject({
  count: z.int().min(0).describe('Messages held for a fraud check, before this call'),
  released: z.int().min(0),
  remaining: z.int().min(0).describe('More than one call takes: call again'),
})
export type ReleaseHeldResponse = z.output<typeof ReleaseHeldResponse>
