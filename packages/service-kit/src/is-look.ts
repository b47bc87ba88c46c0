import type { Request, Response } from 'express'
import type { ApiClient } from './api-auth.ts'

/** What a page reads again by itself, every few seconds, while a person has it open. */
const LOOKS: readonly string[] = ['conversation.read', 'message.read', 'consent.read']

/**
 * Whether the audit may tell of it by the row of the same look shortly before. A person looks for as long as a page is open,
 * whatever that asks; a key asks what its program was told to. Numbers in full, refusals and changes have a row each.
 */
export function isLook(req: Request, res: Response, action: string): boolean {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Express's locals are untyped; only tellClient writes this one
  const client = res.locals['client'] as ApiClient | undefined
  return (
    LOOKS.includes(action) &&
    req.method === 'GET' &&
    res.statusCode < 400 &&
    client?.session !== undefined &&
    req.headers['x-unmask'] === undefined
  )
}
