import type { PermissionKind } from '@sms-gateway/domain/suppression'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { CONSENTS, OPT_OUTS, pathOf } from './paths.ts'
import { words as pageWords } from './words.ts'

/** It says what that means first: the person is written to again. */
export function LiftOptOut({ phone, kind }: { phone: string; kind: PermissionKind }) {
  const words = useWords(pageWords)
  const lift = useSave({
    save: () => request(pathOf(OPT_OUTS, phone), { method: 'DELETE', query: { kind } }),
    stale: [OPT_OUTS, CONSENTS],
    said: words.lifted,
  })
  return (
    <ConfirmAction
      isDangerous
      label={words.lift}
      ariaLabel={words.liftOf(phone)}
      title={words.liftTitle}
      confirm={words.lift}
      act={lift.mutateAsync}
    >
      {words.liftText(phone, words.kinds[kind])}
    </ConfirmAction>
  )
}
