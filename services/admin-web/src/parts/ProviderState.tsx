import type { ProviderResponse } from '@sms-gateway/contracts/providers'
import { defineWords, useWords } from '../i18n/words.ts'
import type { IconName } from './Icon.tsx'
import { Mark, type Tone } from './StatusBadge.tsx'

type Circuit = ProviderResponse['circuit']['state']

const LOOKS: Record<Circuit, { tone: Tone; icon: IconName }> = {
  closed: { tone: 'good', icon: 'check' },
  open: { tone: 'bad', icon: 'failed' },
  half_open: { tone: 'wait', icon: 'doubt' },
}

const stateWords = defineWords<Record<Circuit | 'off', string>>({
  'zh-Hant': { closed: '正常', open: '中斷', half_open: '試探中', off: '已停用' },
  en: { closed: 'In order', open: 'Interrupted', half_open: 'On trial', off: 'Switched off' },
})

/** Whether messages go to a provider. */
export function ProviderState({ provider: { enabled, circuit } }: { provider: ProviderResponse }) {
  const words = useWords(stateWords)
  if (enabled) return <Mark {...LOOKS[circuit.state]}>{words[circuit.state]}</Mark>
  return (
    <Mark tone="still" icon="block">
      {words.off}
    </Mark>
  )
}
