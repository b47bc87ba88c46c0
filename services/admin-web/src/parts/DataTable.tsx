import 'mantine-datatable/styles.css'
import { Box, Button, Group, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import {
  DataTable as MantineDataTable,
  type DataTableColumn,
  type DataTableSortProps,
  type DataTableSortStatus,
} from 'mantine-datatable'
import { type ReactNode, useEffect, useRef } from 'react'
import { useFormat } from '../i18n/format.ts'
import { useWords } from '../i18n/words.ts'
import { Empty, Failure, Loading } from './states.tsx'
import { common } from './words.ts'

export type { DataTableColumn, DataTableSortStatus }

const NARROW = '(max-width: 48em)'

/**
 * A list in all its states: loading, failed, empty, full, and more to come. On a narrow screen `card` draws each row;
 * without it the table scrolls sideways, by keyboard too. A row's way in is a link in its first column, not a click.
 */
export function DataTable<T extends object>({
  label,
  rows,
  columns,
  idAccessor,
  isPending = false,
  isRefreshing = false,
  error = null,
  retry,
  empty,
  card,
  sort,
  onSort,
  hasMore,
  loadMore,
  isLoadingMore = false,
}: {
  /** What the list is, for who hears it. */
  label: string
  rows: T[]
  columns: DataTableColumn<T>[]
  idAccessor: (keyof T & string) | ((row: T) => string | number)
  isPending?: boolean
  isRefreshing?: boolean
  error?: unknown
  retry?: () => void
  empty?: ReactNode
  card?: (row: T) => ReactNode
  sort?: DataTableSortStatus<T>
  onSort?: (sort: DataTableSortStatus<T>) => void
  /** Left out: the list is whole. */
  hasMore?: boolean
  loadMore?: () => void
  isLoadingMore?: boolean
}) {
  const viewport = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // What scrolls must be reachable by keyboard, and be named then.
    viewport.current?.setAttribute('tabindex', '0')
    viewport.current?.setAttribute('role', 'region')
    viewport.current?.setAttribute('aria-label', label)
  })
  const isNarrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches)
  if (isPending) return <Loading lines={8} />
  if (error !== null) return <Failure error={error} retry={retry} />
  if (rows.length === 0) return empty ?? <Empty />
  const sorting: DataTableSortProps<T> = sort
    ? { sortStatus: sort, onSortStatusChange: onSort }
    : {}
  const idOf = (row: T) =>
    typeof idAccessor === 'function' ? idAccessor(row) : String(row[idAccessor])
  return (
    <Stack gap="xs" aria-busy={isRefreshing}>
      {isNarrow && card ? (
        <Stack gap="xs" component="ul" aria-label={label} m={0} p={0} style={{ listStyle: 'none' }}>
          {rows.map((row) => (
            <Box component="li" key={idOf(row)} className="surface" p="sm">
              {card(row)}
            </Box>
          ))}
        </Stack>
      ) : (
        <div className="surface" style={{ overflow: 'hidden' }}>
          <MantineDataTable<T>
            aria-label={label}
            scrollViewportRef={viewport}
            scrollAreaProps={{ type: 'auto', offsetScrollbars: 'present' }}
            records={rows}
            columns={columns}
            idAccessor={idAccessor}
            verticalSpacing={6}
            horizontalSpacing="sm"
            fz="sm"
            highlightOnHover
            minHeight={0}
            backgroundColor="transparent"
            {...sorting}
          />
        </div>
      )}
      {hasMore !== undefined && (
        <More count={rows.length} {...{ hasMore, loadMore, isLoadingMore }} />
      )}
    </Stack>
  )
}

function More({
  count,
  hasMore,
  loadMore,
  isLoadingMore,
}: {
  count: number
  hasMore: boolean
  loadMore?: (() => void) | undefined
  isLoadingMore: boolean
}) {
  const words = useWords(common)
  const { number } = useFormat()
  return (
    <Group justify="space-between" px={4}>
      <Text c="dimmed" size="sm" role="status">
        {hasMore ? words.shown(number(count)) : words.allShown(number(count))}
      </Text>
      {hasMore && (
        <Button variant="default" size="xs" loading={isLoadingMore} onClick={loadMore}>
          {words.more}
        </Button>
      )}
    </Group>
  )
}
