import { Text } from '@mantine/core'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { useHoldReason } from '../../parts/hold-words.ts'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'

/** What happened to a message, oldest first. What is new is read out. */
export function Timeline({ events }: { events: MessageResponse['events'] }) {
  const toReason = useHoldReason()
  return (
    <ol className="timeline" aria-live="polite" aria-relevant="additions">
      {events.map((event, index) => (
        // Events are only ever added at the end.
        <li key={index}>
          <Time at={event.at} />
          <StatusBadge status={event.status} />
          <Text component="span" c="dimmed" inherit>
            {[event.provider, event.error_code, event.detail && toReason(event.detail)]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </li>
      ))}
    </ol>
  )
}
