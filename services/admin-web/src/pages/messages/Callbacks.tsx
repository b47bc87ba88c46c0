import { Table, Text } from '@mantine/core'
import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import type { IconName } from '../../parts/Icon.tsx'
import { Loading } from '../../parts/states.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { messageWords } from './message-words.ts'

type Callback = MessageAttemptsResponse['callbacks'][number]

const LOOKS: Record<Callback['state'], { tone: Tone; icon: IconName }> = {
  pending: { tone: 'wait', icon: 'clock' },
  delivering: { tone: 'busy', icon: 'arrow' },
  delivered: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  dropped: { tone: 'still', icon: 'block' },
}

/** Which producers were told, and whether they answered. */
export function Callbacks({ callbacks }: { callbacks: readonly Callback[] | undefined }) {
  const words = useWords(messageWords)
  const { number } = useFormat()
  if (!callbacks) return <Loading lines={2} />
  if (callbacks.length === 0) return <Text c="dimmed">{words.noCallbacks}</Text>
  return (
    <Table.ScrollContainer minWidth={300} type="native">
      <Table aria-label={words.callbacks} fz="sm" horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.event}</Table.Th>
            <Table.Th scope="col">{words.at}</Table.Th>
            <Table.Th scope="col">{words.result}</Table.Th>
            <Table.Th scope="col" className="number">
              {words.tries}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {callbacks.map((callback) => (
            <Table.Tr key={callback.event_id}>
              <Table.Td className="mono">{callback.type}</Table.Td>
              <Table.Td>
                <Time at={callback.occurred_at} />
              </Table.Td>
              <Table.Td>
                <Mark {...LOOKS[callback.state]}>{words.callbackStates[callback.state]}</Mark>
                {callback.error !== null && (
                  <Text size="xs" c="dimmed">
                    {callback.error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="number">{number(callback.attempts)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
