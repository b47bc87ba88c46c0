import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import type { CampaignAction } from '@sms-gateway/domain/campaign-status'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Loading } from '../../parts/states.tsx'
import { useCampaignActions, useEstimate } from './api.ts'
import { detailWords } from './detail-words.ts'
import { countLeft } from './left.ts'

type Status = CampaignResponse['status']

const OFFERED: Record<Status, readonly CampaignAction[]> = {
  draft: ['start', 'cancel'],
  scheduled: ['start', 'pause', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  halted: ['resume', 'cancel'],
  cancelled: [],
  finished: [],
}

const ICONS: Record<CampaignAction, IconName> = {
  start: 'play',
  pause: 'pause',
  resume: 'play',
  cancel: 'close',
}

/** What can be done to it as it is; each says how many it touches, and asks. */
export function CampaignActions({ campaign }: { campaign: CampaignResponse }) {
  const words = useWords(detailWords)
  const { number } = useFormat()
  const { act } = useCampaignActions(campaign.id)
  const left = number(countLeft(campaign))
  const texts = {
    start: { title: words.startTitle(campaign.name), text: <StartText campaign={campaign} /> },
    pause: { title: words.pauseTitle, text: words.pauseText(left) },
    resume: { title: words.resumeTitle, text: words.resumeText(left) },
    cancel: { title: words.cancelTitle, text: words.cancelText(left) },
  }
  return OFFERED[campaign.status].map((action) => (
    <ConfirmAction
      key={action}
      label={words[action]}
      title={texts[action].title}
      confirm={words[action]}
      isDangerous={action === 'cancel'}
      leftSection={<Icon name={ICONS[action]} size={16} />}
      act={async () => {
        await act(action)
        notifications.show({ message: action === 'start' ? words.started : words.acted })
      }}
    >
      {texts[action].text}
    </ConfirmAction>
  ))
}

function StartText({ campaign }: { campaign: CampaignResponse }) {
  const words = useWords(detailWords)
  const { number, money, dateTime } = useFormat()
  const { data } = useEstimate(campaign.id)
  if (!data) return <Loading lines={2} />
  const cost = data.cost
    .map(({ provider, amount, currency }) => `${money(amount, currency)} (${provider})`)
    .join(' / ')
  const isLater = campaign.status === 'draft' && new Date(data.starts_at) > new Date()
  return (
    <Stack gap={4}>
      <Text fw={600}>
        {words.startText(number(data.recipients - data.suppressed), number(data.segments))}
      </Text>
      <Text>{words.startCost(cost)}</Text>
      {isLater && <Text>{words.startScheduled(dateTime(data.starts_at))}</Text>}
      {data.suppressed > 0 && <Text>{words.startSuppressed(number(data.suppressed))}</Text>}
    </Stack>
  )
}
