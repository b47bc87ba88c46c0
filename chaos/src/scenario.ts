import type { ProviderName } from '@sms-gateway/domain/provider'
import type { ScriptPatch } from '@sms-gateway/simulators/script'
import type { MessageMix } from './messages.ts'
import type { Death, Role } from './settings.ts'
import type { World } from './world.ts'

export interface ProcessPlan {
  name: string
  roles: readonly Role[]
  /** What is to befall it in each of its lives, the first one 0. */
  deaths?: (life: number) => Death[]
}

export interface Scenario {
  name: string
  processes: readonly ProcessPlan[]
  count: number
  mix: MessageMix
  perSecond: number
  order: readonly ProviderName[]
  twilio: ScriptPatch
  chunghwa: ScriptPatch
  maxAttempts: number
  circuit: { failuresToOpen: number; resetMs: number }
  ownRedis: boolean
  ownPostgres: boolean
  /** Goes on beside the load; when the signal comes it puts everything right again and ends. */
  storm?: (world: World, signal: AbortSignal) => Promise<void>
  /** What must have happened, or the scenario has proven nothing. */
  atLeastKills: number
  /** Sends may be answered 202 alone. */
  only202?: boolean
  receiptsMayBeLost?: boolean
  /** The messages are one campaign of `count` people, uploaded at once. */
  asCampaign?: boolean
}
