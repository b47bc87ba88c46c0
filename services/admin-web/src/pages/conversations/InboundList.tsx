import { Alert, Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { InboundResponse } from '@sms-gateway/contracts/conversations'
import { useSession } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Empty, NoneFound } from '../../parts/states.tsx'
import { Dash, Time } from '../../parts/values.tsx'
import { common } from '../../parts/words.ts'
import { FilterBar, useFilters } from './FilterBar.tsx'
import { KeywordMark } from './KeywordMark.tsx'
import { words as pageWords } from './words.ts'

/** What people wrote, newest first; each leads to its conversation. */
export function InboundList() {
  const words = useWords(pageWords)
  const { may_unmask: mayOpen } = useSession()
  const { filters, isFiltered, clear } = useFilters()
  const list = usePages<InboundResponse>('/inbound', filters)
  return (
    <>
      {!mayOpen && (
        <Alert mb="md" variant="light" icon={<Icon name="info" />}>
          <Text c="var(--ink)">{words.mayNotOpen}</Text>
        </Alert>
      )}
      <FilterBar />
      <DataTable<InboundResponse>
        label={words.texts}
        idAccessor="id"
        columns={useColumns()}
        card={(inbound) => <Card inbound={inbound} />}
        empty={
          isFiltered ? (
            <NoneFound title={words.noneFound} clear={clear}>
              {words.noneFoundText}
            </NoneFound>
          ) : (
            <Empty icon="conversation" title={words.none}>
              {words.noneText}
            </Empty>
          )
        }
        {...list}
      />
    </>
  )
}

function useColumns(): DataTableColumn<InboundResponse>[] {
  const words = useWords(pageWords)
  return [
    {
      accessor: 'received_at',
      title: words.received,
      width: 170,
      render: (inbound) => <Opening inbound={inbound} />,
    },
    {
      accessor: 'phone',
      title: words.phone,
      width: 140,
      render: ({ phone }) => <PhoneNumber phone={phone} />,
    },
    {
      accessor: 'message',
      title: words.text,
      ellipsis: true,
      cellsStyle: () => ({ width: '100%', maxWidth: 0, minWidth: 200 }),
      render: ({ message }) => message ?? <Dash />,
    },
    {
      accessor: 'keyword',
      title: words.keyword,
      width: 120,
      render: ({ keyword }) => (keyword ? <KeywordMark keyword={keyword} /> : <Dash />),
    },
    {
      accessor: 'customer_id',
      title: words.customer,
      width: 120,
      render: ({ customer_id: id }) => id ?? <Dash />,
    },
    {
      accessor: 'answer_id',
      title: words.answered,
      width: 150,
      render: (inbound) => <Answer inbound={inbound} />,
    },
  ]
}

/** A link for who may open it, and as long as there is a person. */
function Opening({ inbound, covers = false }: { inbound: InboundResponse; covers?: boolean }) {
  const words = useWords(pageWords)
  const { may_unmask: mayOpen } = useSession()
  const { dateTime } = useFormat()
  const { id, phone, received_at: at } = inbound
  if (!mayOpen || phone === null) return <Time at={at} />
  return (
    <Anchor
      component={Link}
      to={id}
      size="sm"
      className={covers ? 'cover-link' : undefined}
      aria-label={words.openOf(dateTime(at))}
    >
      <Time at={at} />
    </Anchor>
  )
}

function Answer({ inbound }: { inbound: InboundResponse }) {
  const words = useWords(pageWords)
  if (inbound.answer_id === null) return <Dash />
  return (
    <Anchor component={Link} to={`/messages/${inbound.answer_id}`} size="sm" pos="relative">
      {words.seeAnswer}
    </Anchor>
  )
}

function Card({ inbound }: { inbound: InboundResponse }) {
  const { erased } = useWords(common)
  return (
    <Stack gap={4} pos="relative">
      <Group justify="space-between" wrap="nowrap">
        <PhoneNumber phone={inbound.phone} />
        <Opening inbound={inbound} covers />
      </Group>
      <Text lineClamp={3}>{inbound.message ?? erased}</Text>
      <Group justify="space-between" c="dimmed" fz="sm">
        {inbound.keyword ? <KeywordMark keyword={inbound.keyword} /> : <span />}
        <span>{inbound.customer_id}</span>
      </Group>
    </Stack>
  )
}
