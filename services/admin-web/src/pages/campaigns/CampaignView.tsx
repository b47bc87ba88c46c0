import { Alert, Group, Progress, Stack, Text } from '@mantine/core'
import { useParams } from 'react-router'
import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Section } from '../../parts/Section.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { useCampaign } from './api.ts'
import { CampaignActions } from './CampaignActions.tsx'
import { CampaignBadge } from './CampaignBadge.tsx'
import { Counts } from './Counts.tsx'
import { detailWords } from './detail-words.ts'
import { Asleep, Estimate } from './Estimate.tsx'
import { reasonWords } from './reason-words.ts'
import { Rejects } from './Rejects.tsx'
import { Reschedule } from './Reschedule.tsx'
import { Settings } from './Settings.tsx'
import { TestSend } from './TestSend.tsx'

export function CampaignView() {
  const { id = '' } = useParams()
  const may = useMay()
  const { data: campaign, error, refetch } = useCampaign(id)
  if (!campaign) {
    return (
      <>
        <PageHeader title="…" />
        {error ? <Failure error={error} retry={() => void refetch()} /> : <Loading lines={9} />}
      </>
    )
  }
  const { status } = campaign
  const isAhead = status === 'draft' || status === 'scheduled'
  const isOver = status === 'cancelled' || status === 'finished'
  return (
    <>
      <PageHeader
        title={campaign.name}
        description={<CampaignBadge status={status} />}
        actions={
          may('send') && (
            <>
              <Reschedule campaign={campaign} />
              <CampaignActions campaign={campaign} />
            </>
          )
        }
      />
      <Stack gap="lg">
        <Reason campaign={campaign} />
        {isAhead && <Estimate id={id} />}
        {status !== 'draft' && <ProgressPart campaign={campaign} />}
        <Counts campaign={campaign} />
        {!isOver && may('send') && <TestSend id={id} />}
        <Settings campaign={campaign} />
        <Rejects id={id} count={campaign.counts.rejected} />
      </Stack>
    </>
  )
}

interface PartProps {
  campaign: CampaignResponse
}

/** Why it stands still, and what to do about it. */
function Reason({ campaign: { reason, status } }: PartProps) {
  const words = useWords(reasonWords)
  if (reason === null || status === 'running' || status === 'finished') return null
  return (
    <Alert
      role="alert"
      color={status === 'halted' ? 'red' : 'yellow'}
      styles={{ title: { color: 'var(--ink)' } }}
      title={words.reasonTitle[reason.code] ?? reason.code}
      icon={<Icon name="failed" />}
    >
      <Text c="var(--ink)">
        {words.reasonText[reason.code] ?? <span lang="en">{reason.detail}</span>}
      </Text>
      {words.whatToDo[reason.code] !== undefined && (
        <Text c="var(--ink)" mt={4}>
          {words.whatToDo[reason.code]}
        </Text>
      )}
    </Alert>
  )
}

function ProgressPart({ campaign: { id, status, counts, progress } }: PartProps) {
  const words = useWords(detailWords)
  const { number, duration } = useFormat()
  const { percent, per_minute: rate, seconds_left: left, is_canary: isCanary } = progress
  return (
    <Section title={words.progress}>
      <Progress value={percent} size="lg" aria-label={words.progress} />
      <Group justify="space-between" mt="xs" gap="xs">
        <Text fw={600}>{words.done(number(percent))}</Text>
        <Text size="sm" c="dimmed">
          {[
            rate !== null && rate > 0 && words.rate(number(rate)),
            left !== null && left > 0 && words.left(duration(left)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Group>
      {isCanary && (
        <Text size="sm" mt="xs">
          {words.canary}
        </Text>
      )}
      {status === 'running' && counts.pending > 0 && !rate && <Asleep id={id} />}
    </Section>
  )
}
