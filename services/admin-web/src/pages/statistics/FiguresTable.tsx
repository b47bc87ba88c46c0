import { Text } from '@mantine/core'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import {
  DataTable,
  type DataTableColumn,
  type DataTableSortStatus,
} from '../../parts/DataTable.tsx'
import { Empty } from '../../parts/states.tsx'
import { Dash, Money } from '../../parts/values.tsx'
import type { StatBy } from './filters.ts'
import type { StatRow } from './series.ts'
import { sortRows, type StatColumn } from './sort.ts'
import { words as pageWords } from './words.ts'

interface NamedRow extends StatRow {
  name: string
}

/** What the chart shows, in figures; sorted by any of them once all are loaded. */
export function FiguresTable({
  rows,
  by,
  hasMore,
  nameOf,
  ...list
}: {
  rows: StatRow[]
  by: StatBy
  nameOf: (row: StatRow) => string
  isPending: boolean
  isRefreshing: boolean
  error: unknown
  retry: () => void
  hasMore: boolean
  loadMore: () => void
  isLoadingMore: boolean
}) {
  const words = useWords(pageWords)
  const [sort, setSort] = useState<DataTableSortStatus<NamedRow> | null>(null)
  const named = rows.map((row) => ({ ...row, name: nameOf(row) }))
  const columns = useColumns(by, !hasMore)
  const shown =
    sort && !hasMore
      ? // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the accessors of our own columns
        sortRows(named, sort.columnAccessor as StatColumn, sort.direction)
      : named
  return (
    <DataTable
      label={words.table}
      rows={shown}
      columns={columns}
      idAccessor={(row) => Object.values(row.group).join('\n')}
      // Without a column to sort by it stays as the API gave it: the newest first, or by name.
      sort={sort ?? { columnAccessor: '', direction: 'asc' }}
      onSort={setSort}
      empty={
        <Empty icon="chart" title={words.empty}>
          {words.emptyHint}
        </Empty>
      }
      hasMore={hasMore}
      card={(row) => <Card row={row} />}
      {...list}
    />
  )
}

function useColumns(by: StatBy, sortable: boolean): DataTableColumn<NamedRow>[] {
  const words = useWords(pageWords)
  const { number, share, duration } = useFormat()
  const figure = (
    accessor: StatColumn,
    title: string,
    render: (row: NamedRow) => React.ReactNode,
  ): DataTableColumn<NamedRow> => ({ accessor, title, render, sortable, textAlign: 'right' })
  return [
    {
      accessor: 'name',
      title: words.groups[by],
      sortable,
      render: ({ name }) => <span style={{ whiteSpace: 'nowrap' }}>{name}</span>,
    },
    figure('total', words.total, ({ total }) => number(total)),
    figure('sent', words.sent, ({ sent }) => number(sent)),
    figure('delivered', words.delivered, ({ delivered }) => number(delivered)),
    figure('failed', words.failed, ({ failed }) =>
      failed === 0 ? number(0) : <span style={{ color: 'var(--bad)' }}>{number(failed)}</span>,
    ),
    figure('success_rate', words.rate, ({ success_rate: rate }) =>
      rate === null ? <Dash /> : share(rate),
    ),
    figure('segments', words.segments, ({ segments }) => number(segments)),
    figure('cost', words.cost, ({ cost }) => <Money {...cost} />),
    figure('p50', words.p50, ({ delivery_seconds: delay }) =>
      delay ? duration(delay.p50) : <Dash />,
    ),
    figure('p95', words.p95, ({ delivery_seconds: delay }) =>
      delay ? duration(delay.p95) : <Dash />,
    ),
  ]
}

/** On a narrow screen: what matters most, in three lines. */
function Card({ row }: { row: NamedRow }) {
  const words = useWords(pageWords)
  const { number, share, duration } = useFormat()
  const delay = row.delivery_seconds
  return (
    <>
      <Text fw={600}>{row.name}</Text>
      <Text size="sm">
        {words.total} {number(row.total)} · {words.delivered} {number(row.delivered)} ·{' '}
        {words.failed} {number(row.failed)}
      </Text>
      <Text size="sm" c="dimmed">
        {row.success_rate !== null && `${words.rate} ${share(row.success_rate)} · `}
        {words.segments} {number(row.segments)} · <Money {...row.cost} />
        {delay && ` · p50 ${duration(delay.p50)} · p95 ${duration(delay.p95)}`}
      </Text>
    </>
  )
}
