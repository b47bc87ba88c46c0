import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { NewApiKeyResponse } from '@sms-gateway/contracts/api-keys'
import { request } from '../../api/request.ts'
import { type Scope, useSession } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { checkKey, type KeyDraft, NEW_KEY, toKeyRequest } from './key-draft.ts'
import { words as pageWords } from './words.ts'

const SCOPES: readonly Scope[] = ['send', 'read', 'templates', 'operate', 'privacy', 'admin']

interface NewKeyProps {
  onMade: (key: NewApiKeyResponse) => Promise<void>
}

export function NewKey({ onMade }: NewKeyProps) {
  const words = useWords(pageWords)
  return (
    <FormButton label={words.add} icon="plus">
      {(close) => (
        <Form
          onMade={(key) => {
            close()
            return onMade(key)
          }}
        />
      )}
    </FormButton>
  )
}

function Form({ onMade }: NewKeyProps) {
  const words = useWords(pageWords)
  const { scopes: own } = useSession()
  const [draft, setDraft] = useState<KeyDraft>(NEW_KEY)
  const [isTried, setTried] = useState(false)
  const create = useMutation({
    mutationFn: (body: object) => request<NewApiKeyResponse>('/api-keys', { method: 'POST', body }),
    onSuccess: onMade,
  })
  const faults = checkKey(draft)
  const text = (field: Exclude<keyof KeyDraft, 'scopes'>) => {
    const fault = isTried ? faults[field] : undefined
    return {
      value: draft[field],
      error: fault && words[fault],
      onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
        const { value } = event.currentTarget
        setDraft((now) => ({ ...now, [field]: value }))
      },
    }
  }
  return (
    <Fields
      error={create.error}
      isSaving={create.isPending}
      saveLabel={words.create}
      submit={() => {
        setTried(true)
        if (Object.keys(faults).length === 0) create.mutate(toKeyRequest(draft))
      }}
    >
      <TextInput label={words.name} description={words.nameHint} required {...text('name')} />
      <TextInput label={words.client} description={words.clientHint} required {...text('client')} />
      <Checkbox.Group
        label={words.scopes}
        error={isTried && faults.scopes && words[faults.scopes]}
        value={draft.scopes}
        onChange={(scopes) => {
          setDraft((now) => ({ ...now, scopes }))
        }}
      >
        <Stack gap={6} mt={6}>
          {SCOPES.filter((scope) => own.includes(scope)).map((scope) => (
            <Checkbox key={scope} value={scope} label={`${scope}: ${words.scopeNames[scope]}`} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TextInput
        type="date"
        label={words.expires}
        description={words.expiresHint}
        {...text('expires')}
      />
      <TextInput label={words.addresses} description={words.addressesHint} {...text('addresses')} />
      <TextInput label={words.rate} inputMode="numeric" {...text('rate')} />
    </Fields>
  )
}
