import { Group, Stack, Text } from '@mantine/core'
import { useSearchParams } from 'react-router'
import type { AuditResponse } from '@sms-gateway/contracts/audit'
import { usePages } from '../../api/use-pages.ts'
import { usePrivateState } from '../../api/use-private-state.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Dash, Time } from '../../parts/values.tsx'
import { AuditFilters } from './AuditFilters.tsx'
import { words as pageWords } from './words.ts'

type Entry = AuditResponse['data'][number]

/** The chain, newest first. To read it is an entry of it, too. */
export function AuditPage() {
  const words = useWords(pageWords)
  const [params, setParams] = useSearchParams()
  // The number is in no URL: those are kept, sent and logged.
  const query = { action: params.get('action'), phone: usePrivateState('phone') ?? null }
  const entries = usePages<Entry>('/audit', query)
  return (
    <>
      <PageHeader title={words.title} description={words.intro} />
      <AuditFilters
        key={`${query.action ?? ''} ${query.phone ?? ''}`}
        start={query}
        onSearch={(next) => {
          const { action, phone } = next
          setParams(action ? { action } : {}, { state: phone ? { phone } : null })
        }}
      />
      <DataTable<Entry>
        label={words.list}
        idAccessor="seq"
        columns={useColumns()}
        card={(entry) => <EntryCard entry={entry} />}
        empty={
          <Empty title={words.empty} icon="audit">
            {words.emptyText}
          </Empty>
        }
        {...entries}
      />
    </>
  )
}

function useColumns(): DataTableColumn<Entry>[] {
  const words = useWords(pageWords)
  return [
    { accessor: 'seq', title: words.seq, textAlign: 'right', width: 80 },
    { accessor: 'at', title: words.at, render: ({ at }) => <Time at={at} /> },
    {
      accessor: 'action',
      title: words.action,
      render: ({ action }) => <span className="mono">{action}</span>,
    },
    {
      accessor: 'subject',
      title: words.subject,
      render: ({ subject }) => <Subject {...{ subject }} />,
    },
    { accessor: 'key_id', title: words.who, render: ({ key_id: id }) => <Who id={id} /> },
    {
      accessor: 'outcome',
      title: words.outcome,
      render: ({ outcome }) => <Outcome {...{ outcome }} />,
    },
  ]
}

function EntryCard({ entry }: { entry: Entry }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <span className="mono">{entry.action}</span>
        <Outcome outcome={entry.outcome} />
      </Group>
      <Subject subject={entry.subject} />
      <Group justify="space-between" gap="xs">
        <Time at={entry.at} />
        <Who id={entry.key_id} />
      </Group>
    </Stack>
  )
}

function Subject({ subject }: { subject: Entry['subject'] }) {
  const words = useWords(pageWords)
  if (subject === null) return <Dash />
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" maw={320}>
      <span style={{ whiteSpace: 'nowrap' }}>{words.subjects[subject.kind] ?? subject.kind}</span>
      <Text span className="mono" c="dimmed" truncate title={subject.id}>
        {subject.id}
      </Text>
    </Group>
  )
}

function Who({ id }: { id: string | null }) {
  const words = useWords(pageWords)
  if (id === null) return <span>{words.gateway}</span>
  return (
    <span className="mono" title={id}>
      {id.slice(-12)}
    </span>
  )
}

function Outcome({ outcome }: { outcome: string }) {
  const words = useWords(pageWords)
  return outcome === 'ok' ? (
    <Mark tone="good" icon="check">
      {words.ok}
    </Mark>
  ) : (
    <Mark tone="bad" icon="block">
      {words.refused(outcome)}
    </Mark>
  )
}
