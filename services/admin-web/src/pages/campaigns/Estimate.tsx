import { SimpleGrid, Text } from '@mantine/core'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Figure } from '../../parts/Figure.tsx'
import { Section } from '../../parts/Section.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { Money, Time } from '../../parts/values.tsx'
import { useEstimate } from './api.ts'
import { detailWords } from './detail-words.ts'

/** What it would take, as things are. */
export function Estimate({ id }: { id: string }) {
  const words = useWords(detailWords)
  const { number, duration } = useFormat()
  const { data, error, refetch } = useEstimate(id)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Section title={words.estimate}>
      {!data ? (
        <Loading lines={3} />
      ) : (
        <SimpleGrid component="dl" m={0} cols={{ base: 2, xs: 3, md: 4 }}>
          <Figure label={words.people} value={number(data.recipients - data.suppressed)} />
          <Figure label={words.segments} value={number(data.segments)} />
          {data.cost.map(({ provider, amount, currency }) => (
            <Figure
              key={provider}
              label={words.cost(provider)}
              value={<Money amount={amount} currency={currency} />}
            />
          ))}
          <Figure
            label={words.lasts}
            value={data.seconds === null ? '–' : duration(data.seconds)}
            note={data.limited_by === null ? words.unlimited : words.limitedBy(data.limited_by)}
          />
          <Figure label={words.held} value={number(data.held_at_start)} note={words.heldNote} />
          <Figure
            label={words.suppressed}
            value={number(data.suppressed)}
            note={words.suppressedNote}
          />
          <Moments startsAt={data.starts_at} endsAt={data.ends_at} />
        </SimpleGrid>
      )}
    </Section>
  )
}

function Moments({ startsAt, endsAt }: { startsAt: string; endsAt: string | null }) {
  const words = useWords(detailWords)
  const { clock } = useFormat()
  return (
    <Figure
      label={endsAt === null ? words.startsAt : words.endsAt}
      value={clock(endsAt ?? startsAt)}
      note={<Time at={endsAt ?? startsAt} />}
    />
  )
}

/** Why nobody gets it though it runs: they wait for their hours. */
export function Asleep({ id }: { id: string }) {
  const words = useWords(detailWords)
  const { number } = useFormat()
  const { data } = useEstimate(id)
  if (!data || data.held_at_start === 0) return null
  return (
    <Text size="sm" mt="xs" c="var(--wait)">
      {words.asleep(number(data.held_at_start))}
    </Text>
  )
}
