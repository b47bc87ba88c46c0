import { notifications } from '@mantine/notifications'
import { useNavigate, useParams } from 'react-router'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { UrlTabs } from '../../parts/UrlTabs.tsx'
import { useTemplate, useTemplateActions } from './api.ts'
import { toDraft } from './draft.ts'
import { TemplateEditor } from './TemplateEditor.tsx'
import { TestTab } from './TestTab.tsx'
import { VersionsTab } from './VersionsTab.tsx'
import { words as pageWords } from './words.ts'

export function TemplateView() {
  const { code = '' } = useParams()
  const words = useWords(pageWords)
  const { number } = useFormat()
  const { data: template, error, refetch } = useTemplate(code)
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
      <UrlTabs
        label={words.tabsLabel}
        tabs={[
          {
            id: 'edit',
            name: words.tabs.edit,
            panel: <TemplateEditor code={code} stored={toDraft(template)} />,
            isKept: true,
          },
          { id: 'versions', name: words.tabs.versions, panel: <VersionsTab {...template} /> },
          { id: 'test', name: words.tabs.test, panel: <TestTab template={template} /> },
        ]}
      />
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
