import { Group, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { useCause } from '../../parts/causes.ts'
import type { IconName } from '../../parts/Icon.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { attemptWords } from './attempt-words.ts'
import { explainAttempt } from './explain-attempt.ts'

type Attempt = MessageAttemptsResponse['attempts'][number]

const LOOKS: Record<Attempt['state'], { tone: Tone; icon: IconName }> = {
  open: { tone: 'busy', icon: 'arrow' },
  accepted: { tone: 'good', icon: 'check' },
  partial: { tone: 'wait', icon: 'check' },
  refused: { tone: 'bad', icon: 'block' },
  throttled: { tone: 'wait', icon: 'pause' },
  unreachable: { tone: 'bad', icon: 'failed' },
  unsent: { tone: 'still', icon: 'cross' },
  in_doubt: { tone: 'wait', icon: 'doubt' },
  absent: { tone: 'still', icon: 'search' },
}

/** Every submission: where it went, why there, and how it ended. */
export function Attempts({ traces }: { traces: UseQueryResult<MessageAttemptsResponse> }) {
  const words = useWords(attemptWords)
  if (traces.error && !traces.data) {
    return <Failure error={traces.error} retry={() => void traces.refetch()} />
  }
  if (!traces.data) return <Loading lines={3} />
  const { attempts } = traces.data
  if (attempts.length === 0) return <Text c="dimmed">{words.noAttempts}</Text>
  return (
    <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
      {attempts.map((attempt, index) => (
        <OneAttempt key={attempt.number} attempt={attempt} previous={attempts[index - 1]} />
      ))}
    </Stack>
  )
}

function OneAttempt({ attempt, previous }: { attempt: Attempt; previous: Attempt | undefined }) {
  const words = useWords(attemptWords)
  const { number, duration, dateTime } = useFormat()
  const toCause = useCause()
  const { settled_at: settled, opened_at: opened } = attempt
  const { provider, error_code: code, error_detail: detail } = attempt
  const seconds = settled === null ? null : (Date.parse(settled) - Date.parse(opened)) / 1_000
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>
          {words.attempt(number(attempt.number))} · {attempt.provider}
        </Text>
        <Mark {...LOOKS[attempt.state]}>{words.states[attempt.state]}</Mark>
      </Group>
      <Text size="sm" c="dimmed">
        <Time at={opened} />
        {seconds !== null && ` · ${words.took(duration(seconds))}`}
        {attempt.check_at !== null && ` · ${words.nextCheck(dateTime(attempt.check_at))}`}
      </Text>
      {code !== null && (
        <Text size="sm">
          <span className="mono">{code}</span> {toCause({ provider, code, detail })}
        </Text>
      )}
      <Text size="sm" mt={4}>
        <Text span inherit c="dimmed">
          {words.why}:
        </Text>{' '}
        {explainAttempt(attempt, previous, words).join(' · ')}
      </Text>
    </li>
  )
}
