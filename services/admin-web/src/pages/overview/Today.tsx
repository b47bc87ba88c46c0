import { SimpleGrid } from '@mantine/core'
import type { OverviewResponse } from '@sms-gateway/contracts/overview'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Figure } from '../../parts/Figure.tsx'
import { useHoldReason } from '../../parts/hold-words.ts'
import type { IconName } from '../../parts/Icon.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { Money } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

const COLUMNS = { base: 2, xs: 3, lg: 5 }

/** What came and what became of it since midnight. */
export function Today({ today }: { today: OverviewResponse['today'] }) {
  const words = useWords(pageWords)
  const { number, share } = useFormat()
  const rate = today.sent > 0 ? words.ofSent(share(today.delivered / today.sent)) : undefined
  return (
    <SimpleGrid component="dl" cols={COLUMNS} m={0} className="surface" p="md">
      <Figure label={words.accepted} value={number(today.total)} />
      <Figure label={words.sent} value={number(today.sent)} />
      <Figure label={words.delivered} value={number(today.delivered)} note={rate} />
      <Figure label={words.failed} value={number(today.failed)} />
      <Figure label={words.cost} value={<Money {...today.cost} />} />
    </SimpleGrid>
  )
}

/** What somebody may have to do something about; calm where there is nothing. */
export function Attention({ overview }: { overview: OverviewResponse }) {
  const words = useWords(pageWords)
  const { number, dateTime } = useFormat()
  const toReason = useHoldReason()
  const { held, in_doubt: inDoubt, failed_today: failed, scheduled } = overview
  const name = (label: string, count: number, tone: Tone, icon: IconName) => (
    <Mark tone={count > 0 ? tone : 'still'} icon={icon}>
      {label}
    </Mark>
  )
  const reasons = held.reasons
    .map(({ reason, count }) => `${toReason(reason)} ${number(count)}`)
    .join(' · ')
  const next = held.next_at === null ? '' : words.heldNext(dateTime(held.next_at))
  const heldNote = [reasons, next].filter(Boolean).join(' · ') || words.nothingHeld
  return (
    <SimpleGrid component="dl" cols={{ base: 2, lg: 4 }} m={0} className="surface" p="md">
      <Figure
        label={name(words.inDoubt, inDoubt, 'wait', 'doubt')}
        value={number(inDoubt)}
        to="/messages?in_doubt=true"
        note={words.inDoubtHint}
      />
      <Figure
        label={name(words.failedToday, failed, 'bad', 'failed')}
        value={number(failed)}
        to="/messages?status=failed"
      />
      <Figure
        label={name(words.held, held.count, 'wait', 'pause')}
        value={number(held.count)}
        to="/messages?status=held"
        note={heldNote}
      />
      <Figure
        label={name(words.scheduled, scheduled, 'busy', 'clock')}
        value={number(scheduled)}
        to="/messages?status=scheduled"
      />
    </SimpleGrid>
  )
}
