import { Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { useCause } from '../../parts/causes.ts'
import type { DataTableColumn } from '../../parts/DataTable.tsx'
import { Cause, type FailedGroup, Samples, Times } from './Cause.tsx'
import type { RetryFilter } from './retry-plan.ts'
import { RetryButton, type RetryPlan } from './RetryFailed.tsx'
import { words as pageWords } from './words.ts'

/** What a row needs to be sent again. */
interface RetryLink {
  filter: RetryFilter
  open: (plan: RetryPlan) => void
}

/** A cause a row; who may not operate sees no button. */
export function useCauseColumns(retry: RetryLink): DataTableColumn<FailedGroup>[] {
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

/** The same on narrow screens. */
export function CauseCard({ group, retry }: { group: FailedGroup; retry: RetryLink }) {
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
