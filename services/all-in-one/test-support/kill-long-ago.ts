import type { ServiceProcess } from './service-process.ts'
import type { Stores } from './stores.ts'

/** `kill -9`, and so long ago that what it had in hand is free for others: nobody waits for them to give it up. */
export async function killLongAgo(service: ServiceProcess, stores: Stores): Promise<void> {
  await service.kill()
  await stores.query(`update worker set seen_at = now() - interval '1 hour'`)
  await stores.query(`update callback_event set claimed_until = now() where state = 'delivering'`)
}
