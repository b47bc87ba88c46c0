import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { UrlTabs } from '../../parts/UrlTabs.tsx'
import { ConsentsTab } from './ConsentsTab.tsx'
import { OptOutsTab } from './OptOutsTab.tsx'
import { words as pageWords } from './words.ts'

/** What people let us send them. Numbers stand in no URL. */
export function PermissionsPage() {
  const words = useWords(pageWords)
  return (
    <>
      <PageHeader title={words.title} description={words.intro} />
      <UrlTabs
        label={words.title}
        tabs={[
          { id: 'opt-outs', name: words.tabs['opt-outs'], panel: <OptOutsTab /> },
          { id: 'consents', name: words.tabs.consents, panel: <ConsentsTab /> },
        ]}
      />
    </>
  )
}
