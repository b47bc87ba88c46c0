import { Tabs } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { useMay } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { BudgetsTab } from './BudgetsTab.tsx'
import { FiguresTab } from './FiguresTab.tsx'
import { PricesTab } from './PricesTab.tsx'
import { words as pageWords } from './words.ts'

const TABS = ['figures', 'budgets', 'prices'] as const

/** What was sent and what it cost; what it may cost; what a message costs. */
export function StatisticsPage() {
  const words = useWords(pageWords)
  const may = useMay()
  const [params, setParams] = useSearchParams()
  const shown = TABS.filter((tab) => tab === 'figures' || may('operate'))
  const tab = shown.find((each) => each === params.get('tab')) ?? 'figures'
  const open = (next: string | null) => {
    setParams(next === null || next === 'figures' ? {} : { tab: next })
  }
  return (
    <>
      <PageHeader title={words.title} />
      {shown.length === 1 ? (
        <FiguresTab />
      ) : (
        <Tabs value={tab} onChange={open} keepMounted={false}>
          <Tabs.List mb="md" aria-label={words.title}>
            {shown.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {words.tabs[each]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="figures">
            <FiguresTab />
          </Tabs.Panel>
          <Tabs.Panel value="budgets">
            <BudgetsTab />
          </Tabs.Panel>
          <Tabs.Panel value="prices">
            <PricesTab />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  )
}
