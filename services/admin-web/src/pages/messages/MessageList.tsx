import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { LogEntry } from '@sms-gateway/contracts/logs'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Empty, NoneFound } from '../../parts/states.tsx'
import { Mark, StatusBadge } from '../../parts/StatusBadge.tsx'
import { Dash, Money, Time } from '../../parts/values.tsx'
import { common } from '../../parts/words.ts'
import { FilterBar } from './FilterBar.tsx'
import { useFilters } from './use-filters.ts'
import { words as pageWords } from './words.ts'

/** Every message that matches the filters of the URL. */
export function MessageList() {
  const words = useWords(pageWords)
  const { filters, isFiltered, clear } = useFilters()
  const { retry, ...list } = usePages<LogEntry>('/logs', filters)
  const columns = useColumns()
  return (
    <>
      <PageHeader
        title={words.title}
        description={words.intro}
        actions={
          <Button
            variant="default"
            leftSection={<Icon name="refresh" size={16} />}
            loading={list.isRefreshing}
            onClick={retry}
          >
            {words.refresh}
          </Button>
        }
      />
      <FilterBar />
      <DataTable
        {...list}
        retry={retry}
        label={words.title}
        columns={columns}
        idAccessor="id"
        card={(message) => <Card message={message} />}
        empty={
          isFiltered ? (
            <NoneFound title={words.noneFound} clear={clear}>
              {words.noneFoundText}
            </NoneFound>
          ) : (
            <Empty icon="messages" title={words.noneYet}>
              {words.noneYetText}
            </Empty>
          )
        }
      />
    </>
  )
}

function useColumns(): DataTableColumn<LogEntry>[] {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return [
    {
      accessor: 'created_at',
      title: words.created,
      width: 180,
      render: (message) => (
        <Anchor component={Link} to={message.id} size="sm">
          <Time at={message.created_at} />
        </Anchor>
      ),
    },
    { accessor: 'status', title: words.status, width: 130, render: (m) => <Status message={m} /> },
    {
      accessor: 'phone',
      title: words.phone,
      width: 140,
      render: (message) => <PhoneNumber phone={message.phone} />,
    },
    {
      accessor: 'message',
      title: words.text,
      ellipsis: true,
      // What the others leave, and no less than this.
      cellsStyle: () => ({ width: '100%', maxWidth: 0, minWidth: 200 }),
      render: ({ message }) => message ?? <Dash />,
    },
    { accessor: 'message_type', title: words.type, width: 150 },
    {
      accessor: 'provider',
      title: words.provider,
      width: 100,
      render: ({ provider }) => provider ?? <Dash />,
    },
    {
      accessor: 'segments',
      title: words.segments,
      width: 90,
      textAlign: 'right',
      render: ({ segments }) => number(segments),
    },
    {
      accessor: 'cost',
      title: words.cost,
      width: 100,
      textAlign: 'right',
      render: ({ cost }) => <Money {...cost} />,
    },
  ]
}

function Status({ message }: { message: LogEntry }) {
  const words = useWords(pageWords)
  if (message.in_doubt) {
    return (
      <Mark tone="wait" icon="doubt">
        {words.inDoubt}
      </Mark>
    )
  }
  return <StatusBadge status={message.status} />
}

/** A message on a narrow screen: all of the box leads to it. */
function Card({ message }: { message: LogEntry }) {
  const words = useWords(pageWords)
  const { erased } = useWords(common)
  return (
    <Stack gap={4} pos="relative">
      <Group justify="space-between" wrap="nowrap">
        <Status message={message} />
        <Anchor component={Link} to={message.id} size="sm" className="cover-link">
          <Time at={message.created_at} />
        </Anchor>
      </Group>
      <Text lineClamp={2}>{message.message ?? erased}</Text>
      <Group justify="space-between" c="dimmed" fz="sm">
        <PhoneNumber phone={message.phone} />
        <span>
          {[message.message_type, message.provider].filter(Boolean).join(' · ') || words.text}
        </span>
      </Group>
    </Stack>
  )
}
