import { Route, Routes } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { UrlTabs } from '../../parts/UrlTabs.tsx'
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

function Lists() {
  const words = useWords(pageWords)
  return (
    <>
      <PageHeader title={words.title} description={words.intro} />
      <UrlTabs
        label={words.title}
        tabs={[
          { id: 'texts', name: words.tabs.texts, panel: <InboundList /> },
          { id: 'answers', name: words.tabs.answers, panel: <KeywordAnswers /> },
        ]}
      />
    </>
  )
}
