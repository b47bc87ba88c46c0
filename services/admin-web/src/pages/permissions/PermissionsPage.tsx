import { Tabs } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { ConsentsTab } from './ConsentsTab.tsx'
import { OptOutsTab } from './OptOutsTab.tsx'
import { words as pageWords } from './words.ts'

const TABS = ['opt-outs', 'consents'] as const

/** What people let us send them. Numbers stand in no URL. */
export function PermissionsPage() {
  const words = useWords(pageWords)
  const [params, setParams] = useSearchParams()
  const tab = TABS.find((each) => each === params.get('tab')) ?? 'opt-outs'
  return (
    <>
      <PageHeader title={words.title} description={words.intro} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          setParams(next === 'consents' ? { tab: next } : {})
        }}
      >
        <Tabs.List mb="md" aria-label={words.title}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {words.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="opt-outs">
          <OptOutsTab />
        </Tabs.Panel>
        <Tabs.Panel value="consents">
          <ConsentsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
