import { Text } from '@mantine/core'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { useMeaning } from '../../parts/causes.ts'
import { useHoldReason } from '../../parts/hold-words.ts'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'

type Event = MessageResponse['events'][number]

/** What happened to a message, oldest first. What is new is read out. */
export function Timeline({ events }: { events: MessageResponse['events'] }) {
  const toReason = useHoldReason()
  const toMeaning = useMeaning()
  const whyOf = ({ provider, error_code: code, detail }: Event) =>
    toMeaning({ provider, code }) ?? (detail && toReason(detail))
  return (
    <ol className="timeline" aria-live="polite" aria-relevant="additions">
      {events.map((event, index) => (
        // Events are only ever added at the end.
        <li key={index}>
          <Time at={event.at} />
          <StatusBadge status={event.status} />
          <Text component="span" c="dimmed" inherit>
            {[event.provider, event.error_code, whyOf(event)].filter(Boolean).join(' · ')}
          </Text>
        </li>
      ))}
    </ol>
  )
}
