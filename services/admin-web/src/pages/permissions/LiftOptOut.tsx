import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import { request } from '../../api/request.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { CONSENTS, OPT_OUTS, pathOf } from './paths.ts'
import { words as pageWords } from './words.ts'

/** It says what that means first: the person is written to again. */
export function LiftOptOut({ phone, kind }: { phone: string; kind: PermissionKind }) {
  const words = useWords(pageWords)
  const client = useQueryClient()
  return (
    <ConfirmAction
      isDangerous
      label={words.lift}
      ariaLabel={words.liftOf(phone)}
      title={words.liftTitle}
      confirm={words.lift}
      act={async () => {
        await request(pathOf(OPT_OUTS, phone), { method: 'DELETE', query: { kind } })
        notifications.show({ message: words.lifted })
        await Promise.all(
          [OPT_OUTS, CONSENTS].map((key) => client.invalidateQueries({ queryKey: [key] })),
        )
      }}
    >
      {words.liftText(phone, words.kinds[kind])}
    </ConfirmAction>
  )
}
