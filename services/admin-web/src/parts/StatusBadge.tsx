import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import { useWords } from '../i18n/words.ts'
import { Icon, type IconName } from './Icon.tsx'
import { statusWords } from './status-words.ts'

export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'still'

const LOOKS: Record<MessageStatus, { tone: Tone; icon: IconName }> = {
  accepted: { tone: 'busy', icon: 'dot' },
  scheduled: { tone: 'wait', icon: 'clock' },
  held: { tone: 'wait', icon: 'pause' },
  queued: { tone: 'busy', icon: 'menu' },
  sending: { tone: 'busy', icon: 'arrow' },
  sent: { tone: 'busy', icon: 'check' },
  delivered: { tone: 'good', icon: 'double' },
  undelivered: { tone: 'bad', icon: 'cross' },
  failed: { tone: 'bad', icon: 'failed' },
  cancelled: { tone: 'still', icon: 'close' },
  expired: { tone: 'still', icon: 'clock' },
  suppressed: { tone: 'still', icon: 'block' },
  unknown: { tone: 'wait', icon: 'doubt' },
}

/** A message's status as an icon and a word. */
export function StatusBadge({ status }: { status: MessageStatus }) {
  const words = useWords(statusWords)
  return <Mark {...LOOKS[status]}>{words[status]}</Mark>
}

/** An icon and a word in a tone: for every state that is not a message's. Colour never says it alone. */
export function Mark({
  tone,
  icon,
  children,
}: {
  tone: Tone
  icon: IconName
  children: ReactNode
}) {
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" c={`var(--${tone})`}>
      <Icon name={icon} size={16} />
      <Text component="span" inherit fw={550} style={{ whiteSpace: 'nowrap' }}>
        {children}
      </Text>
    </Group>
  )
}
