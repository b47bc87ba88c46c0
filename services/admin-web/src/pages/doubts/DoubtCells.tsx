import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { LogEntry } from '@sms-gateway/contracts/logs'
import { request } from '../../api/request.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Time } from '../../parts/values.tsx'
import { nextOfDoubt, sinceOf } from './next-of-doubt.ts'
import { words as pageWords } from './words.ts'

const SECOND_MS = 1_000

export function MessageLink({ message }: { message: LogEntry }) {
  return (
    <Anchor component={Link} to={`/messages/${message.id}`} className="mono" underline="always">
      …{message.id.slice(-8)}
    </Anchor>
  )
}

export function Phone({ message }: { message: LogEntry }) {
  const reveal = async () => {
    const { phone } = await request<LogEntry>(`/messages/${message.id}`, { unmask: true })
    return phone
  }
  return <PhoneNumber phone={message.phone} reveal={reveal} />
}

export function Since({ message }: { message: LogEntry }) {
  const words = useWords(pageWords)
  const { duration } = useFormat()
  const since = sinceOf(message)
  const seconds = Math.max(0, Math.floor((new Date().getTime() - Date.parse(since)) / SECOND_MS))
  return (
    <span>
      <Time at={since} />{' '}
      <span style={{ color: 'var(--quiet)', whiteSpace: 'nowrap' }}>
        {words.ago(duration(seconds))}
      </span>
    </span>
  )
}

export function Next({ message }: { message: LogEntry }) {
  const words = useWords(pageWords)
  const { time, number } = useFormat()
  const next = nextOfDoubt(message, new Date())
  const checks = message.doubt?.checks ?? 0
  return (
    <Text size="sm" maw={380}>
      {words.nexts[next.kind](next.kind === 'look-up' ? time(next.at) : '')}
      {checks > 0 && (
        <span style={{ color: 'var(--quiet)' }}> · {words.checks(number(checks))}</span>
      )}
    </Text>
  )
}
