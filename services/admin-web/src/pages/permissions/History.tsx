import { Group, Stack, Text } from '@mantine/core'
import type { ConsentsResponse } from '@sms-gateway/contracts/consents'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import type { IconName } from '../../parts/Icon.tsx'
import { Section } from '../../parts/Section.tsx'
import { Empty } from '../../parts/states.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { Dash, Time } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

type Event = ConsentsResponse['data'][number]

const LOOKS: Record<Event['change'], { tone: Tone; icon: IconName }> = {
  'opted-out': { tone: 'bad', icon: 'block' },
  'opt-out-lifted': { tone: 'good', icon: 'check' },
  'consent-granted': { tone: 'good', icon: 'check' },
  'consent-revoked': { tone: 'bad', icon: 'cross' },
}

/** All that a person ever said of it, newest first. */
export function History({
  events,
  ...more
}: {
  events: Event[]
  hasMore: boolean
  isLoadingMore: boolean
  loadMore: () => void
}) {
  const words = useWords(pageWords)
  return (
    <Section title={words.history} bare>
      <DataTable<Event>
        label={words.history}
        rows={events}
        idAccessor={(event) => `${event.recorded_at} ${event.change} ${event.kind}`}
        columns={useColumns()}
        card={(event) => <Card event={event} />}
        empty={
          <Empty icon="consent" title={words.noHistory}>
            {words.noHistoryText}
          </Empty>
        }
        {...more}
      />
    </Section>
  )
}

function useColumns(): DataTableColumn<Event>[] {
  const words = useWords(pageWords)
  return [
    { accessor: 'at', title: words.saidAt, width: 180, render: ({ at }) => <Time at={at} /> },
    { accessor: 'change', title: words.change, width: 160, render: (e) => <Change event={e} /> },
    { accessor: 'kind', title: words.kind, width: 140, render: ({ kind }) => words.kinds[kind] },
    {
      accessor: 'source',
      title: words.source,
      width: 140,
      render: ({ source }) => words.sources[source] ?? source,
    },
    {
      accessor: 'wording_version',
      title: words.wording,
      width: 110,
      render: ({ wording_version: version }) => version ?? <Dash />,
    },
    {
      accessor: 'proof',
      title: `${words.reason} / ${words.proof}`,
      cellsStyle: () => ({ width: '100%', minWidth: 160 }),
      render: (event) => whyOf(event) ?? <Dash />,
    },
    {
      accessor: 'actor',
      title: words.by,
      width: 130,
      render: ({ actor }) => <Actor id={actor} />,
    },
  ]
}

function whyOf({ reason, proof }: Event): string | null {
  return [reason, proof].filter((text) => text !== null).join(' · ') || null
}

function Change({ event }: { event: Event }) {
  const words = useWords(pageWords)
  return <Mark {...LOOKS[event.change]}>{words.changes[event.change]}</Mark>
}

/** The end of a key's id, as the audit shows it. */
function Actor({ id }: { id: string | null }) {
  if (id === null) return <Dash />
  return (
    <span className="mono" title={id}>
      {id.slice(-12)}
    </span>
  )
}

function Card({ event }: { event: Event }) {
  const words = useWords(pageWords)
  const { kind, source, at, wording_version: wording } = event
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <Change event={event} />
        <Time at={at} />
      </Group>
      <Text size="sm">
        {[words.kinds[kind], words.sources[source] ?? source, wording].filter(Boolean).join(' · ')}
      </Text>
      {whyOf(event) !== null && (
        <Text size="sm" c="dimmed">
          {whyOf(event)}
        </Text>
      )}
    </Stack>
  )
}
