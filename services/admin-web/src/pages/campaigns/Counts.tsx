import { SimpleGrid, Text } from '@mantine/core'
import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Figure } from '../../parts/Figure.tsx'
import { Section } from '../../parts/Section.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { detailWords } from './detail-words.ts'

/** How many people, and how many messages of each status. */
export function Counts({ campaign: { id, counts } }: { campaign: CampaignResponse }) {
  const words = useWords(detailWords)
  const { number } = useFormat()
  const statuses = MESSAGE_STATUSES.filter((status) => (counts.by_status[status] ?? 0) > 0)
  return (
    <Section title={words.counts}>
      <SimpleGrid component="dl" m={0} cols={{ base: 2, xs: 3, md: 6 }}>
        <Figure label={words.recipients} value={number(counts.recipients)} />
        <Figure label={words.handed} value={number(counts.handed)} />
        <Figure label={words.pending} value={number(counts.pending)} />
        <Figure
          label={words.suppressed}
          value={number(counts.suppressed)}
          note={words.suppressedNote}
        />
        <Figure label={words.rejected} value={number(counts.rejected)} />
        <Figure label={words.duplicates} value={number(counts.duplicates)} />
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="md" mb={4}>
        {words.byStatus}
      </Text>
      {statuses.length === 0 ? (
        <Text c="dimmed">{words.noMessages}</Text>
      ) : (
        <SimpleGrid component="dl" m={0} cols={{ base: 2, xs: 3, md: 6 }}>
          {statuses.map((status) => (
            <Figure
              key={status}
              label={<StatusBadge status={status} />}
              value={number(counts.by_status[status] ?? 0)}
              to={`/messages?campaign_id=${id}&status=${status}`}
            />
          ))}
        </SimpleGrid>
      )}
    </Section>
  )
}
