import { List } from '@mantine/core'
import type { ErasureResponse } from '@sms-gateway/contracts/subjects'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { Time } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

/** What was erased of the number before, with the proofs. */
export function Erasures({ erasures }: { erasures: readonly ErasureResponse[] }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Section title={words.earlier}>
      <List spacing="xs">
        {erasures.map(({ id, requested_at: at, messages, inbound, cancelled }) => (
          <List.Item key={id}>
            <Time at={at} /> ·{' '}
            {words.erasedText(number(messages), number(inbound), number(cancelled))}{' '}
            <span className="mono">{id}</span>
          </List.Item>
        ))}
      </List>
    </Section>
  )
}
