import type { Keyword } from '@sms-gateway/domain/keywords'
import { useWords } from '../../i18n/words.ts'
import type { IconName } from '../../parts/Icon.tsx'
import { Mark, type Tone } from '../../parts/StatusBadge.tsx'
import { words as pageWords } from './words.ts'

const LOOKS: Record<Keyword, { tone: Tone; icon: IconName }> = {
  stop: { tone: 'bad', icon: 'block' },
  start: { tone: 'good', icon: 'check' },
  help: { tone: 'busy', icon: 'info' },
}

export function KeywordMark({ keyword }: { keyword: Keyword }) {
  const words = useWords(pageWords)
  return <Mark {...LOOKS[keyword]}>{words.keywords[keyword]}</Mark>
}
