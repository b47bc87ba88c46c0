import { z } from 'zod'

// What PostgreSQL cannot store, and what is left of bytes that are no UTF-8.
const UNSTORABLE = /[\0\ufffd]|\p{Surrogate}/u

/** A short text that people wrote. */
export function Words(max: number) {
  return z
    .string()
    .trim()
    .min(1, 'use at least one character')
    .max(max, `use at most ${max} characters`)
    .refine((text) => !UNSTORABLE.test(text), { error: 'use UTF-8, and no NUL' })
}

/** As people write a number; whether it is one is found out later. */
export const NumberWritten = z.string().min(1, 'give a number').max(40, 'give one number')

const CLOCK_GRACE_MS = 5 * 60_000

/** When something was said: no later than now. */
export function pastMoment() {
  return z.iso
    .datetime({
      offset: true,
      error: 'use RFC 3339 with an offset, such as 2026-01-31T09:00:00+08:00',
    })
    .transform((text) => new Date(text))
    .refine((at) => at.getTime() <= Date.now() + CLOCK_GRACE_MS, { error: 'it is yet to come' })
}
