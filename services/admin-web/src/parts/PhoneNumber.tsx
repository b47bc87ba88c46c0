import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useSession } from '../api/session.ts'
import { useSentence } from '../api/use-sentence.ts'
import { useWords } from '../i18n/words.ts'
import { Icon } from './Icon.tsx'
import { common } from './words.ts'

const MASK = '*'

/**
 * A number as the API gave it: masked. Operators and admins get a button that calls `reveal`, which asks again with
 * `unmask` (`request(path, { unmask: true })`) and answers the whole number; the audit keeps who looked.
 */
export function PhoneNumber({
  phone,
  reveal,
}: {
  /** Null once the person was erased. */
  phone: string | null
  reveal?: () => Promise<string | null>
}) {
  const words = useWords(common)
  const toSentence = useSentence()
  const { may_unmask: mayUnmask } = useSession()
  const [whole, setWhole] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  if (phone === null)
    return (
      <Text span c="dimmed">
        {words.erased}
      </Text>
    )

  const show = async () => {
    if (!reveal) return
    setAsking(true)
    try {
      setWhole(await reveal())
    } catch (err) {
      notifications.show({ color: 'red', message: toSentence(err) })
    } finally {
      setAsking(false)
    }
  }
  const canReveal = reveal !== undefined && mayUnmask && phone.includes(MASK)
  const label = whole === null ? words.reveal : words.hide
  return (
    <Group component="span" gap={4} wrap="nowrap" display="inline-flex">
      <span className="mono">{whole ?? phone}</span>
      {canReveal && (
        <Tooltip label={label}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            loading={isAsking}
            aria-label={label}
            onClick={() => {
              if (whole === null) void show()
              else setWhole(null)
            }}
          >
            <Icon name={whole === null ? 'eye' : 'eyeOff'} size={15} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}
