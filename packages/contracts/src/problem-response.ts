import { z } from 'zod'

/** RFC 9457; `code` is stable, and `docs/errors.md` explains each. */
export const ProblemResponse = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type ProblemResponse = z.infer<typeof ProblemResponse>
