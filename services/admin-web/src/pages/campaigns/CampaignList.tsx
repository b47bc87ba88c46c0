import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { CampaignInList } from '@sms-gateway/contracts/campaigns'
import { useMay } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { Time } from '../../parts/values.tsx'
import { CAMPAIGNS } from './api.ts'
import { CampaignBadge } from './CampaignBadge.tsx'
import { words as pageWords } from './words.ts'

export function CampaignList() {
  const words = useWords(pageWords)
  const may = useMay()
  const campaigns = usePages<CampaignInList>(CAMPAIGNS)
  const add = may('send') && (
    <Button component={Link} to="new" leftSection={<Icon name="plus" size={16} />}>
      {words.add}
    </Button>
  )
  return (
    <>
      <PageHeader title={words.title} description={words.description} actions={add} />
      <DataTable
        label={words.title}
        idAccessor="id"
        columns={useColumns()}
        {...campaigns}
        card={(campaign) => <CampaignCard campaign={campaign} />}
        empty={
          <Empty icon="campaign" title={words.empty} action={add}>
            {words.emptyText}
          </Empty>
        }
      />
    </>
  )
}

function useColumns(): DataTableColumn<CampaignInList>[] {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return [
    {
      accessor: 'name',
      title: words.columns.name,
      render: (campaign) => <NameLink campaign={campaign} />,
    },
    {
      accessor: 'status',
      title: words.columns.status,
      render: ({ status }) => <CampaignBadge status={status} />,
    },
    {
      accessor: 'progress',
      title: words.columns.progress,
      width: 200,
      render: (campaign) => <Bar campaign={campaign} />,
    },
    {
      accessor: 'recipients',
      title: words.columns.recipients,
      textAlign: 'right',
      render: ({ counts }) => number(counts.recipients),
    },
    { accessor: 'message_type', title: words.columns.type },
    {
      accessor: 'created_at',
      title: words.columns.when,
      render: (campaign) => <When campaign={campaign} />,
    },
  ]
}

interface RowProps {
  campaign: CampaignInList
}

function CampaignCard({ campaign }: RowProps) {
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <NameLink campaign={campaign} />
        <CampaignBadge status={campaign.status} />
      </Group>
      <Bar campaign={campaign} />
      <Text size="sm" c="dimmed" component="div">
        <When campaign={campaign} />
      </Text>
    </Stack>
  )
}

function NameLink({ campaign: { id, name } }: RowProps) {
  return (
    <Anchor component={Link} to={id} fw={550}>
      {name}
    </Anchor>
  )
}

function Bar({ campaign: { name, counts, progress } }: RowProps) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const done = Math.round((progress.percent * counts.recipients) / 100)
  return (
    <div>
      <Progress
        value={progress.percent}
        size="sm"
        aria-label={`${words.columns.progress}: ${name}`}
      />
      <Text size="xs" c="dimmed" mt={2}>
        {words.progressOf(number(done), number(counts.recipients))}
      </Text>
    </div>
  )
}

function When({
  campaign: { cron, time_zone: zone, next_run_at: next, created_at: at },
}: RowProps) {
  const words = useWords(pageWords)
  return (
    <>
      {next === null ? words.created : words.next} <Time at={next ?? at} />
      {cron !== null && (
        <Text size="xs" c="dimmed">
          {words.again(cron, zone)}
        </Text>
      )}
    </>
  )
}
