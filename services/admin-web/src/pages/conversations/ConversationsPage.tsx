import { Tabs } from '@mantine/core'
import { Route, Routes, useSearchParams } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { ConversationView } from './ConversationView.tsx'
import { InboundList } from './InboundList.tsx'
import { KeywordAnswers } from './KeywordAnswers.tsx'
import { words as pageWords } from './words.ts'

/** A conversation is opened by the id of a text of it: no number stands in a URL that browsers remember. */
export function ConversationsPage() {
  return (
    <Routes>
      <Route index Component={Lists} />
      <Route path=":id" Component={ConversationView} />
    </Routes>
  )
}

const TABS = ['texts', 'answers'] as const

function Lists() {
  const words = useWords(pageWords)
  const [params, setParams] = useSearchParams()
  const tab = TABS.find((each) => each === params.get('tab')) ?? 'texts'
  return (
    <>
      <PageHeader title={words.title} description={words.intro} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          setParams(next === 'answers' ? { tab: next } : {})
        }}
      >
        <Tabs.List mb="md" aria-label={words.title}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {words.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="texts">
          <InboundList />
        </Tabs.Panel>
        <Tabs.Panel value="answers">
          <KeywordAnswers />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
