import type { CampaignStatus } from '@sms-gateway/domain/campaign-status'
import { useWords } from '../../i18n/words.ts'
import type { IconName } from '../../parts/Icon.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { words as pageWords } from './words.ts'

const LOOKS: Record<CampaignStatus, { tone: Tone; icon: IconName }> = {
  draft: { tone: 'still', icon: 'edit' },
  scheduled: { tone: 'wait', icon: 'clock' },
  running: { tone: 'busy', icon: 'play' },
  paused: { tone: 'wait', icon: 'pause' },
  halted: { tone: 'bad', icon: 'failed' },
  cancelled: { tone: 'still', icon: 'close' },
  finished: { tone: 'good', icon: 'check' },
}

export function CampaignBadge({ status }: { status: CampaignStatus }) {
  const words = useWords(pageWords)
  return <Mark {...LOOKS[status]}>{words.statuses[status]}</Mark>
}
