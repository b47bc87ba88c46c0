import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Choice, Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import {
  checkConsent,
  type ConsentDraft,
  type ConsentField,
  LONGEST,
  NEW_CONSENT,
  toConsentRequest,
} from './consent-form.ts'
import { CONSENTS, pathOf } from './paths.ts'
import { words as pageWords } from './words.ts'

const KINDS: readonly PermissionKind[] = ['marketing', 'all']

export function RecordConsent({ phone }: { phone: string }) {
  const words = useWords(pageWords)
  return (
    <FormButton label={words.record} title={words.recordTitle} icon="plus">
      {(close) => <ConsentForm phone={phone} onSaved={close} />}
    </FormButton>
  )
}

function ConsentForm({ phone, onSaved }: { phone: string; onSaved: () => void }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const [draft, setDraft] = useState<ConsentDraft>(NEW_CONSENT)
  const [isTried, setTried] = useState(false)
  const faults = checkConsent(draft)
  const set = (values: Partial<ConsentDraft>) => {
    setDraft((now) => ({ ...now, ...values }))
  }
  const save = useSave({
    save: () => request(pathOf(CONSENTS, phone), { method: 'PUT', body: toConsentRequest(draft) }),
    stale: [CONSENTS],
    said: words.recorded,
    onSaved,
  })
  const field = (name: ConsentField) => ({
    value: draft[name],
    error: isTried ? explain(faults[name], name) : undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      set({ [name]: event.currentTarget.value })
    },
  })
  const explain = (fault: ReturnType<typeof checkConsent>[ConsentField], name: ConsentField) => {
    if (fault === undefined) return undefined
    return fault === 'needed' ? words.needed : words.tooLong(number(LONGEST[name]))
  }
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      submit={() => {
        setTried(true)
        if (Object.keys(faults).length === 0) save.mutate()
      }}
    >
      <Choice
        label={words.answer}
        options={['yes', 'no'] as const}
        names={words.answers}
        value={draft.answer}
        onChange={(answer) => {
          set({ answer })
        }}
      />
      <Choice
        label={words.kind}
        options={KINDS}
        names={words.kinds}
        value={draft.kind}
        onChange={(kind) => {
          set({ kind })
        }}
      />
      <TextInput
        label={words.sourceOfConsent}
        placeholder={words.sourceOfConsentHint}
        required
        {...field('source')}
      />
      <TextInput
        label={words.wording}
        description={words.wordingHint}
        required
        {...field('wording')}
      />
      <Textarea
        label={words.proof}
        description={words.proofHint}
        autosize
        minRows={2}
        maxRows={6}
        {...field('proof')}
      />
    </Fields>
  )
}
