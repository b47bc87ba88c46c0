import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { orderProviders } from '@sms-gateway/domain/choose-provider'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import type { Circuits } from './circuits.ts'
import type { Routing } from './routing.ts'

export interface RouteDeps {
  providers: ReadonlyMap<ProviderName, Provider>
  routing: Pick<Routing, 'orderFor'>
  circuits: Circuits
  /** Until when a provider asked to be left alone: its `Retry-After`. */
  restingUntil: ReadonlyMap<ProviderName, Date>
  now: () => Date
  random: () => number
}

export interface RouteState {
  tried: readonly ProviderName[]
  last: ProviderName | null
  lastWasAbsent: boolean
}

export type Route =
  /** `others`: how many more could be tried right now. */
  | { kind: 'go'; provider: Provider; isProbe: boolean; others: number; reason: string | null }
  | { kind: 'wait'; until: Date; reason: string }

const NO_PROVIDER_WAIT_MS = 15_000
/** Those who wait for the same circuit do not all come back in the same moment. */
const SPREAD_MS = 1_000
const PROBE_WAIT_MS = 1_000

/** The provider to try now. One whose circuit is open, or that rests, costs nothing: the next is taken. */
export async function routeMessage(
  deps: RouteDeps,
  message: Pick<ClaimedMessage, 'id' | 'lane' | 'country' | 'pinnedProvider'>,
  state: RouteState,
): Promise<Route> {
  const { circuits, providers, now } = deps
  const { order, reason } = deps.routing.orderFor(message)
  const candidates = order.filter((name) => providers.has(name) && circuits.isEnabled(name))
  const names = orderProviders({ candidates, ...state, pinned: message.pinnedProvider })
  const blocks = names.map((name) => ({ name, until: blockedUntil(deps, name) }))
  for (const { name, until } of blocks) {
    const provider = providers.get(name)
    if (!provider || until) continue
    const isProbe = circuits.admit(name).kind === 'probe'
    if (isProbe && !(await circuits.claimProbe(name))) continue
    const others = blocks.filter((block) => block.name !== name && !block.until).length
    return { kind: 'go', provider, isProbe, others, reason: why(reason, name, candidates[0]) }
  }
  return waitFor(
    blocks.map(({ until }) => until ?? new Date(now().getTime() + PROBE_WAIT_MS)),
    deps,
  )
}

/** What the order says of its first; of another one, that the first could not be used. */
function why(
  reason: string | null,
  name: ProviderName,
  first: ProviderName | undefined,
): string | null {
  return reason === null || name === first
    ? reason
    : `after ${first ?? 'none'}, which was tried or is blocked`
}

function blockedUntil(
  { circuits, restingUntil, now }: RouteDeps,
  name: ProviderName,
): Date | undefined {
  const rest = restingUntil.get(name)
  if (rest && rest > now()) return rest
  const admission = circuits.admit(name)
  return admission.kind === 'open' ? admission.until : undefined
}

function waitFor(untils: readonly Date[], { now, random }: RouteDeps): Route {
  if (untils.length === 0) {
    const until = new Date(now().getTime() + NO_PROVIDER_WAIT_MS)
    return { kind: 'wait', until, reason: 'no provider is switched on' }
  }
  const earliest = Math.min(...untils.map((until) => until.getTime()))
  const until = new Date(earliest + Math.round(random() * SPREAD_MS))
  return { kind: 'wait', until, reason: 'every circuit is open' }
}
