import { useMay } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { UrlTabs } from '../../parts/UrlTabs.tsx'
import { BudgetsTab } from './BudgetsTab.tsx'
import { FiguresTab } from './FiguresTab.tsx'
import { PricesTab } from './PricesTab.tsx'
import { words as pageWords } from './words.ts'

/** What was sent and what it cost; what it may cost; what a message costs. */
export function StatisticsPage() {
  const words = useWords(pageWords)
  const may = useMay()
  const money = [
    { id: 'budgets', name: words.tabs.budgets, panel: <BudgetsTab /> },
    { id: 'prices', name: words.tabs.prices, panel: <PricesTab /> },
  ]
  return (
    <>
      <PageHeader title={words.title} />
      <UrlTabs
        label={words.title}
        tabs={[
          { id: 'figures', name: words.tabs.figures, panel: <FiguresTab /> },
          ...(may('operate') ? money : []),
        ]}
      />
    </>
  )
}
