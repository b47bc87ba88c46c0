import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { FailedResponse } from '@sms-gateway/contracts/failed'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { useCause } from '../../parts/causes.ts'
import { causeKindOf } from './cause.ts'
import { words as pageWords } from './words.ts'

export type FailedGroup = FailedResponse['data'][number]

/** The sentence, the code, and whether sending again can help. */
export function Cause({ group }: { group: FailedGroup }) {
  const words = useWords(pageWords)
  const toSentence = useCause()
  const [provider, code] = [group.provider ?? null, group.error_code ?? null]
  const kind = causeKindOf(provider, code)
  return (
    <Stack gap={0} maw={460}>
      <Text size="sm" fw={600}>
        {toSentence({ provider, code, detail: group.error_detail }) ?? words.noCode}{' '}
        <Text span c="dimmed" fw={400} className="mono">
          {code ?? words.noCode}
        </Text>
      </Text>
      <Text size="xs" c={kind === 'passing' ? 'var(--good)' : 'var(--wait)'}>
        {words.advice[kind]}
      </Text>
    </Stack>
  )
}

export function Times({ group }: { group: FailedGroup }) {
  const words = useWords(pageWords)
  const { dayAndHour } = useFormat()
  const [first, last] = [dayAndHour(group.oldest_at), dayAndHour(group.newest_at)]
  return (
    <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
      {first === last ? last : words.firstLast(first, last)}
    </Text>
  )
}

export function Samples({ group }: { group: FailedGroup }) {
  const words = useWords(pageWords)
  return (
    <Group gap={8}>
      {group.sample_ids.slice(0, 3).map((id) => (
        <Anchor
          key={id}
          component={Link}
          to={`/messages/${id}`}
          className="mono"
          size="sm"
          underline="always"
          aria-label={words.sample(`…${id.slice(-4)}`)}
        >
          …{id.slice(-4)}
        </Anchor>
      ))}
    </Group>
  )
}
