import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FailedResponse } from '@sms-gateway/contracts/failed'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { CauseCard, useCauseColumns } from './CauseRows.tsx'
import { Dates, useDates } from './Dates.tsx'
import { RetryButton, RetryFailed, type RetryPlan } from './RetryFailed.tsx'
import { words as pageWords } from './words.ts'

/** What failed, why, and the means to send it again. */
export function FailedPage() {
  const words = useWords(pageWords)
  const may = useMay()
  const { number } = useFormat()
  const dates = useDates()
  const { data, isPending, isFetching, error, refetch } = useQuery({
    queryKey: ['/failed', dates.start_date, dates.end_date],
    queryFn: ({ signal }) =>
      request<FailedResponse>('/failed', {
        query: { start_date: dates.start_date, end_date: dates.end_date },
        signal,
      }),
    enabled: dates.isInOrder,
    refetchInterval: 30_000,
  })
  const groups = data?.data ?? []
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const isFiltered = dates.start_date !== undefined || dates.end_date !== undefined
  const [plan, setPlan] = useState<RetryPlan | null>(null)
  const retry = { filter: dates.filter, open: setPlan }
  const columns = useCauseColumns(retry)
  return (
    <>
      <PageHeader
        title={words.title}
        description={words.description}
        actions={
          may('operate') &&
          groups.length > 1 && (
            <RetryButton
              label={words.retryAll}
              plan={{ what: words.retryAllOf, count: total, filter: dates.filter }}
              open={setPlan}
            />
          )
        }
      />
      <Stack gap="sm">
        <Dates dates={dates} />
        {total > 0 && (
          <Text size="sm" c="dimmed" role="status">
            {words.total(number(total))}
            {data?.has_more === true && ` · ${words.more}`}
          </Text>
        )}
        {dates.isInOrder && (
          <DataTable
            label={words.causes}
            rows={groups}
            columns={columns}
            idAccessor={(group) => `${group.provider ?? ''} ${group.error_code ?? ''}`}
            isPending={isPending}
            isRefreshing={isFetching && !isPending}
            error={data ? null : error}
            retry={() => void refetch()}
            empty={
              <Empty icon="check" title={words.empty}>
                {isFiltered ? words.emptyFiltered : words.emptyText}
              </Empty>
            }
            card={(group) => <CauseCard group={group} retry={retry} />}
          />
        )}
      </Stack>
      <RetryFailed
        plan={plan}
        onClose={() => {
          setPlan(null)
        }}
      />
    </>
  )
}
