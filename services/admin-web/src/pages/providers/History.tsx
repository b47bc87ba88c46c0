import { Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ProviderHistoryResponse } from '@sms-gateway/contracts/provider-history'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import type { IconName } from '../../parts/Icon.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { useHistory, useKeyNames } from './api.ts'
import { type RangeName, stateOf, summarise, toBars } from './history.ts'
import { historyWords } from './history-words.ts'

const HistoryChart = lazy(() =>
  import('./HistoryChart.tsx').then((m) => ({ default: m.HistoryChart })),
)
const MOST_EVENTS = 6

const LOOKS: Readonly<Record<string, { tone: Tone; icon: IconName }>> = {
  enabled: { tone: 'good', icon: 'play' },
  disabled: { tone: 'still', icon: 'block' },
  closed: { tone: 'good', icon: 'check' },
  open: { tone: 'bad', icon: 'failed' },
  half_open: { tone: 'wait', icon: 'doubt' },
}

/** What its submissions amounted to over time, in one sentence and as bars; and what changed, when and why. */
export function History({
  provider,
  name,
  range,
}: {
  provider: string
  name: string
  range: RangeName
}) {
  const words = useWords(historyWords)
  const { number, share } = useFormat()
  const { data, isPending, error, refetch } = useHistory(provider, range)
  if (isPending) return <Loading lines={4} />
  if (!data) return <Failure error={error} retry={() => void refetch()} />
  const { attempts, share: taken, meanMs } = summarise(data.data)
  return (
    <Stack gap="sm">
      <div>
        <Title order={3}>{words.history}</Title>
        <Text size="sm" c="dimmed">
          {taken === null || meanMs === null
            ? words.noAttempts
            : words.summary(number(attempts), share(taken), number(meanMs))}
        </Text>
      </div>
      {attempts > 0 && (
        <div aria-hidden="true">
          <Suspense fallback={<Skeleton height={180} />}>
            <HistoryChart bars={toBars(data)} isLong={range === 'day' || range === 'week'} />
          </Suspense>
        </div>
      )}
      <Events name={name} events={data.events} />
    </Stack>
  )
}

function Events({ name, events }: { name: string; events: ProviderHistoryResponse['events'] }) {
  const words = useWords(historyWords)
  const { number } = useFormat()
  const keys = useKeyNames()
  const states: Readonly<Record<string, string>> = words.eventStates
  return (
    <div>
      <Title order={3}>{words.events}</Title>
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.noEvents}
        </Text>
      ) : (
        <Stack component="ul" aria-label={words.eventsOf(name)} gap={6} m={0} mt={4} p={0}>
          {events.slice(0, MOST_EVENTS).map(({ at, state, reason, actor }, index) => (
            <Group component="li" key={`${at} ${index}`} gap={8}>
              <Mark {...(LOOKS[stateOf(state)] ?? { tone: 'still', icon: 'dot' })}>
                {states[stateOf(state)] ?? state}
              </Mark>
              <Text size="sm">{reason}</Text>
              <Text size="xs" c="dimmed">
                <Time at={at} /> ·{' '}
                {actor === null
                  ? words.byGateway
                  : words.byPerson(keys.get(actor) ?? `…${actor.slice(-8)}`)}
              </Text>
            </Group>
          ))}
        </Stack>
      )}
      {events.length > MOST_EVENTS && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.moreEvents(number(events.length - MOST_EVENTS))}
        </Text>
      )}
    </div>
  )
}
