import type { Response } from 'express'
import { z } from 'zod'
import { type Callback, findCallback } from '@sms-gateway/db/callbacks'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'
import { clientOf, ownerOf } from '@sms-gateway/service-kit/api-auth'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

export async function getCallback(
  { db, vault }: { db: Db; vault: Vault },
  res: Response,
  id: unknown,
): Promise<Callback> {
  const parsed = z.uuid().safeParse(id)
  const owner = ownerOf(clientOf(res))
  const callback = parsed.success ? await findCallback(db, vault, parsed.data, owner) : undefined
  if (!callback) throw callbackNotFound()
  return callback
}

export function callbackNotFound(): HttpProblem {
  return new HttpProblem('callback-not-found', 'There is no such callback, or no such event of it.')
}
