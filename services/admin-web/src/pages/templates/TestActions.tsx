import { notifications } from '@mantine/notifications'
import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { useMay } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useTemplateActions } from './api.ts'
import { testWords } from './test-words.ts'

export interface TestProps {
  experiment: ExperimentResponse
  template: TemplateResponse
}

export function TestActions({ experiment: { code, winner }, template }: TestProps) {
  const words = useWords(testWords)
  const may = useMay()
  const { stopTest, promote } = useTemplateActions(code)
  if (!may('templates')) return null
  return (
    <>
      {winner !== null && template.variants.some(({ variant }) => variant === winner) && (
        <ConfirmAction
          label={words.promote(winner)}
          title={words.promoteTitle(winner)}
          confirm={words.promote(winner)}
          leftSection={<Icon name="check" size={16} />}
          act={async () => {
            await promote(winner)
            notifications.show({ message: words.promoted(winner) })
          }}
        >
          {words.promoteText(winner)}
        </ConfirmAction>
      )}
      <ConfirmAction
        label={words.stop}
        title={words.stopTitle}
        confirm={words.stop}
        isDangerous
        act={async () => {
          await stopTest()
          notifications.show({ message: words.stopped })
        }}
      >
        {words.stopText}
      </ConfirmAction>
    </>
  )
}
