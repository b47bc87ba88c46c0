import type { MessageStatus } from './message-status.ts'
import { canMove } from './message-status.ts'
import type { DeliveryStatus } from './provider.ts'

const RANK: Record<DeliveryStatus, number> = { accepted: 0, sent: 1, undelivered: 2, delivered: 3 }

/** The later of two: receipts come twice and in any order, and only forward moves count. */
export function laterOf(a: DeliveryStatus, b: DeliveryStatus): DeliveryStatus {
  return RANK[a] >= RANK[b] ? a : b
}

/** One part that a provider took, and the latest it has said of it. */
export interface PartDelivery {
  provider: string
  attemptNumber: number
  part: number
  parts: number
  status: DeliveryStatus
}

/**
 * What the parts together say of the message. A text of several parts is delivered when all of them are, and
 * undelivered as soon as one is; when two providers have taken the whole text, the better one counts.
 * `undefined` while no provider has taken all of it.
 */
export function combineParts(parts: readonly PartDelivery[]): DeliveryStatus | undefined {
  const byProvider = groupByProvider(parts)
  let best: DeliveryStatus | undefined
  for (const group of byProvider.values()) {
    const status = combineOneProvider(group)
    if (status) best = best ? laterOf(best, status) : status
  }
  return best
}

function groupByProvider(parts: readonly PartDelivery[]): Map<string, PartDelivery[]> {
  const groups = new Map<string, PartDelivery[]>()
  for (const part of parts) {
    const group = groups.get(part.provider)
    if (group) group.push(part)
    else groups.set(part.provider, [part])
  }
  return groups
}

function combineOneProvider(parts: readonly PartDelivery[]): DeliveryStatus | undefined {
  const best = new Map<number, DeliveryStatus>()
  for (const { part, status } of parts) best.set(part, laterOf(best.get(part) ?? status, status))
  const statuses = [...best.values()]
  if (statuses.includes('undelivered')) return 'undelivered'
  if (best.size < (parts[0]?.parts ?? 1)) return undefined
  return statuses.reduce((least, status) => (RANK[status] < RANK[least] ? status : least))
}

const MESSAGE_STATUS: Record<DeliveryStatus, MessageStatus> = {
  accepted: 'sent',
  sent: 'sent',
  undelivered: 'undelivered',
  delivered: 'delivered',
}

/** Where a delivery status moves a message; `undefined` when it is there, past it, or at an end of another kind. */
export function moveByDelivery(
  from: MessageStatus,
  delivery: DeliveryStatus,
): MessageStatus | undefined {
  const to = MESSAGE_STATUS[delivery]
  return canMove(from, to) ? to : undefined
}
