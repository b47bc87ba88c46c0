import { notifications } from '@mantine/notifications'
import { useNavigate } from 'react-router'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { isWaiting } from '@sms-gateway/domain/message-status'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { messageWords } from './message-words.ts'

const RETRIABLE: readonly string[] = ['failed', 'expired', 'undelivered']
const HELD_FOR_A_PERSON = 'fraud-check'

/** What can be done with a message as it stands, by who is signed in. */
export function Actions({ message, onDone }: { message: MessageResponse; onDone: () => void }) {
  const words = useWords(messageWords)
  const may = useMay()
  const navigate = useNavigate()
  const act = async (action: 'cancel' | 'retry' | 'release', said: string) => {
    const path = `/messages/${message.id}/${action}`
    const answer = await request<MessageResponse>(path, { method: 'POST' })
    notifications.show({ message: said })
    onDone()
    return answer
  }
  return (
    <>
      {message.hold_reason === HELD_FOR_A_PERSON && message.status === 'held' && may('operate') && (
        <ConfirmAction
          label={words.release}
          title={words.releaseTitle}
          confirm={words.release}
          leftSection={<Icon name="play" size={16} />}
          act={() => act('release', words.released)}
        >
          {words.releaseText}
        </ConfirmAction>
      )}
      {isWaiting(message.status) && may('send') && (
        <ConfirmAction
          label={words.cancelIt}
          title={words.cancelTitle}
          confirm={words.cancelIt}
          leftSection={<Icon name="close" size={16} />}
          isDangerous
          act={() => act('cancel', words.cancelled)}
        >
          {words.cancelText}
        </ConfirmAction>
      )}
      {RETRIABLE.includes(message.status) && may('send') && (
        <ConfirmAction
          label={words.sendAgain}
          title={words.sendAgainTitle}
          confirm={words.sendAgain}
          leftSection={<Icon name="refresh" size={16} />}
          act={async () => {
            const { id } = await act('retry', words.sentAgain)
            await navigate(`/messages/${id}`)
          }}
        >
          {words.sendAgainText}
        </ConfirmAction>
      )}
    </>
  )
}
