import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { Choice, Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { OPT_OUTS, pathOf } from './paths.ts'
import { words as pageWords } from './words.ts'

const KINDS: readonly PermissionKind[] = ['all', 'marketing']
const LONGEST_REASON = 200

export function AddOptOut() {
  const words = useWords(pageWords)
  return (
    <FormButton label={words.add} icon="plus">
      {(close) => <NewOptOut onSaved={close} />}
    </FormButton>
  )
}

function NewOptOut({ onSaved }: { onSaved: () => void }) {
  const words = useWords(pageWords)
  const [phone, setPhone] = useState('')
  const [kind, setKind] = useState<PermissionKind>('all')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const save = useSave({
    save: () => {
      const body = { kind, ...(reason.trim() !== '' && { reason: reason.trim() }) }
      return request(pathOf(OPT_OUTS, phone), { method: 'PUT', body })
    },
    stale: [OPT_OUTS],
    said: words.added,
    onSaved,
  })
  const isMissing = phone.trim() === ''
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      saveLabel={words.add}
      submit={() => {
        setTried(true)
        if (!isMissing) save.mutate()
      }}
    >
      <Text c="dimmed">{words.addText}</Text>
      <TextInput
        label={words.phone}
        placeholder={words.phoneHint}
        inputMode="tel"
        autoComplete="off"
        required
        data-autofocus
        value={phone}
        error={isTried && isMissing ? words.phoneNeeded : undefined}
        onChange={(event) => {
          setPhone(event.currentTarget.value)
        }}
      />
      <Choice
        label={words.kind}
        options={KINDS}
        names={words.kinds}
        value={kind}
        onChange={setKind}
      />
      <TextInput
        label={words.reason}
        placeholder={words.reasonHint}
        maxLength={LONGEST_REASON}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value)
        }}
      />
    </Fields>
  )
}
