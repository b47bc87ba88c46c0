import { Tabs } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { useTemplate, useTemplateActions } from './api.ts'
import { toDraft } from './draft.ts'
import { TemplateEditor } from './TemplateEditor.tsx'
import { TestTab } from './TestTab.tsx'
import { VersionsTab } from './VersionsTab.tsx'
import { words as pageWords } from './words.ts'

const TABS = ['edit', 'versions', 'test'] as const

export function TemplateView() {
  const { code = '' } = useParams()
  const words = useWords(pageWords)
  const { number } = useFormat()
  const [params, setParams] = useSearchParams()
  const { data: template, error, refetch } = useTemplate(code)
  const tab = TABS.find((name) => name === params.get('tab')) ?? 'edit'
  if (!template) {
    return (
      <>
        <PageHeader title={code} />
        {error ? <Failure error={error} retry={() => void refetch()} /> : <Loading lines={9} />}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={template.name}
        description={
          <>
            <span className="mono">{code}</span> · {words.version(number(template.version))}
          </>
        }
        actions={<Remove code={code} />}
      />
      <Tabs
        value={tab}
        onChange={(name) => {
          setParams(name === null || name === 'edit' ? {} : { tab: name })
        }}
      >
        <Tabs.List aria-label={words.tabsLabel} mb="md">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {words.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {/* It keeps what was typed while one looks at the versions. */}
        <Tabs.Panel value="edit">
          <TemplateEditor code={code} stored={toDraft(template)} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          {tab === 'versions' && <VersionsTab {...template} />}
        </Tabs.Panel>
        <Tabs.Panel value="test">{tab === 'test' && <TestTab template={template} />}</Tabs.Panel>
      </Tabs>
    </>
  )
}

function Remove({ code }: { code: string }) {
  const words = useWords(pageWords)
  const navigate = useNavigate()
  const may = useMay()
  const { remove } = useTemplateActions(code)
  if (!may('templates')) return null
  return (
    <ConfirmAction
      label={words.remove}
      title={words.removeTitle(code)}
      confirm={words.remove}
      isDangerous
      leftSection={<Icon name="trash" size={16} />}
      act={async () => {
        await remove()
        notifications.show({ message: words.removed })
        await navigate('/templates')
      }}
    >
      {words.removeText}
    </ConfirmAction>
  )
}
