import { Anchor, Grid, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import type { OverviewMinute, OverviewResponse } from '@sms-gateway/contracts/overview'
import { toPath } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import type { LiveState } from '../../api/use-events.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Section } from '../../parts/Section.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Budgets } from './Budgets.tsx'
import { Lanes } from './Lanes.tsx'
import { MinutesChart } from './MinutesChart.tsx'
import { ProviderCard } from './ProviderCard.tsx'
import { Attention, Today } from './Today.tsx'
import { useOverview } from './use-overview.ts'
import { words as pageWords } from './words.ts'

/** What goes on, second by second. */
export function OverviewPage() {
  const words = useWords(pageWords)
  const format = useFormat()
  const { data, error, refetch, live } = useOverview()
  return (
    <>
      <PageHeader
        title={words.title}
        description={data && words.asOf(format.time(data.at))}
        actions={<Live state={live} />}
      />
      {data ? (
        <Content overview={data} />
      ) : error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Loading lines={9} />
      )}
    </>
  )
}

/** BullMQ's own page of the queues: a document of its own, for admins. */
function Board() {
  const words = useWords(pageWords)
  return (
    <Anchor href={toPath('/queues')} target="_blank" size="sm">
      <Group component="span" gap={4} display="inline-flex">
        {words.board} <Icon name="open" size={14} />
      </Group>
    </Anchor>
  )
}

function Live({ state }: { state: LiveState }) {
  const words = useWords(pageWords)
  if (state === 'live') {
    return (
      <Mark tone="good" icon="dot">
        {words.live}
      </Mark>
    )
  }
  return (
    <Mark tone={state === 'away' ? 'bad' : 'still'} icon="refresh">
      {words[state]}
    </Mark>
  )
}

function Content({ overview }: { overview: OverviewResponse }) {
  const words = useWords(pageWords)
  const may = useMay()
  return (
    <Stack gap="lg">
      <Section title={words.today} bare>
        <Today today={overview.today} />
      </Section>
      <Section title={words.attention} bare>
        <Attention overview={overview} />
      </Section>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Section title={words.minutes}>
            <Minutes minutes={overview.minutes} />
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            <Section title={words.lanes} aside={may('admin') && <Board />}>
              <Lanes lanes={overview.lanes} />
            </Section>
            <Section title={words.budgets}>
              <Budgets budgets={overview.budgets} />
            </Section>
          </Stack>
        </Grid.Col>
      </Grid>
      <Section title={words.providers} bare>
        {overview.providers.length === 0 && <Text c="dimmed">{words.noProviders}</Text>}
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3, xl: 4 }}>
          {overview.providers.map((provider) => (
            <ProviderCard key={provider.name} provider={provider} />
          ))}
        </SimpleGrid>
      </Section>
    </Stack>
  )
}

/** The chart for who sees it, its sums for all. */
function Minutes({ minutes }: { minutes: readonly OverviewMinute[] }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const sum = (key: 'accepted' | 'sent' | 'delivered' | 'failed') =>
    number(minutes.reduce((total, minute) => total + minute[key], 0))
  const text = words.chartText(sum('accepted'), sum('sent'), sum('delivered'), sum('failed'))
  return (
    <>
      <MinutesChart minutes={minutes} />
      <Text size="xs" c="dimmed" mt="xs">
        {text}
      </Text>
    </>
  )
}
