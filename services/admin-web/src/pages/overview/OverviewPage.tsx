import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { words as pageWords } from './words.ts'

export function OverviewPage() {
  const words = useWords(pageWords)
  return (
    <>
      <PageHeader title={words.title} />
      <Empty />
    </>
  )
}
