import { Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FailedResponse } from '@sms-gateway/contracts/failed'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { useCause } from '../../parts/causes.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { Cause, type FailedGroup, Samples, Times } from './Cause.tsx'
import { Dates, useDates } from './Dates.tsx'
import type { RetryFilter } from './retry-plan.ts'
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
  const columns = useColumns(retry)
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
            card={(group) => <Card group={group} retry={retry} />}
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

/** What a row needs to be sent again. */
interface RetryLink {
  filter: RetryFilter
  open: (plan: RetryPlan) => void
}

function useColumns(retry: RetryLink): DataTableColumn<FailedGroup>[] {
  const words = useWords(pageWords)
  const may = useMay()
  const { number } = useFormat()
  return [
    { accessor: 'error_code', title: words.cause, render: (group) => <Cause group={group} /> },
    {
      accessor: 'provider',
      title: words.provider,
      render: ({ provider }) =>
        provider ?? (
          <Text span size="sm" c="dimmed">
            {words.noProvider}
          </Text>
        ),
    },
    {
      accessor: 'count',
      title: words.count,
      textAlign: 'right',
      render: ({ count }) => <strong>{number(count)}</strong>,
    },
    { accessor: 'newest_at', title: words.times, render: (group) => <Times group={group} /> },
    { accessor: 'sample_ids', title: words.samples, render: (group) => <Samples group={group} /> },
    ...(may('operate')
      ? [
          {
            accessor: 'actions',
            title: <VisuallyHidden>{words.actions}</VisuallyHidden>,
            textAlign: 'right' as const,
            render: (group: FailedGroup) => <Retry group={group} {...retry} />,
          },
        ]
      : []),
  ]
}

function Card({ group, retry }: { group: FailedGroup; retry: RetryLink }) {
  const words = useWords(pageWords)
  const may = useMay()
  const { number } = useFormat()
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {group.provider ?? words.noProvider}
        </Text>
        <Text fw={650}>{number(group.count)}</Text>
      </Group>
      <Cause group={group} />
      <Times group={group} />
      <Group justify="space-between">
        <Samples group={group} />
        {may('operate') && <Retry group={group} {...retry} />}
      </Group>
    </Stack>
  )
}

function Retry({ group, filter, open }: RetryLink & { group: FailedGroup }) {
  const words = useWords(pageWords)
  const toSentence = useCause()
  const { error_code: code, error_detail: detail, provider } = group
  // Without a code the API would send again whatever failed.
  if (code == null) return null
  return (
    <RetryButton
      label={words.retry}
      plan={{
        what: toSentence({ provider, code, detail }) ?? code,
        count: group.count,
        filter: { error_code: code, ...(provider != null && { provider }), ...filter },
      }}
      open={open}
    />
  )
}
