import type { z } from 'zod'

export interface FieldError {
  /** Dotted, from the root of the body: `recipients.3.phone`. Empty for the root itself. */
  path: string
  message: string
}

const MAX_ERRORS = 50
const MAX_LENGTH = 200

type Issue = z.core.$ZodIssue

/** A short list of short lines, however much is wrong: a body of 256 KiB can hold a hundred thousand errors. */
export function toFieldErrors(issues: readonly Issue[]): FieldError[] {
  return issues.slice(0, MAX_ERRORS).flatMap(toLines).slice(0, MAX_ERRORS)
}

/** The schemas' messages name the expected form, never the value. */
function toLines(issue: Issue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MAX_ERRORS)
      .map((key) => ({ path: toPath([...issue.path, key]), message: 'There is no such field.' }))
  }
  return [{ path: toPath(issue.path), message: issue.message.slice(0, MAX_LENGTH) }]
}

export function toPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.').slice(0, MAX_LENGTH)
}
