import { Alert, Button, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Section } from '../../parts/Section.tsx'
import { useTemplateActions } from './api.ts'
import {
  addVariant,
  changeVariantAt,
  type Draft,
  exampleOf,
  isSame,
  isSendable,
  removeVariantAt,
  variablesOf,
} from './draft.ts'
import { editorWords } from './editor-words.ts'
import { LeaveGuard } from './LeaveGuard.tsx'
import { Samples } from './Samples.tsx'
import { SaveBar } from './SaveBar.tsx'
import { TemplateFields } from './TemplateFields.tsx'
import { VariantEditor } from './VariantEditor.tsx'

const CODE = /^[a-z][a-z0-9_]{0,49}$/

/** A template as a whole: what is typed here becomes one new version. */
export function TemplateEditor({
  code,
  onCode,
  stored,
  onSaved,
}: {
  code: string
  /** For a new one alone: the code of one that is there never changes. */
  onCode?: (code: string) => void
  stored: Draft
  onSaved?: () => void
}) {
  const words = useWords(editorWords)
  const may = useMay()
  const { number } = useFormat()
  const [base, setBase] = useState(stored)
  const [draft, setDraft] = useState(stored)
  const [samples, setSamples] = useState<Readonly<Record<string, string>>>({})
  const isChanged = !isSame(draft, base)
  // Another version came in force: it is taken over, unless something was typed that it would wipe out.
  if (stored.version > base.version && !isChanged) {
    setBase(stored)
    setDraft(stored)
  }
  const values = Object.fromEntries(
    variablesOf(draft).map((name) => [name, samples[name] ?? exampleOf(name)]),
  )
  const { save } = useTemplateActions(code)
  const submit = async () => {
    const { version } = await save(draft)
    const next = { ...draft, version }
    setBase(next)
    setDraft(next)
    notifications.show({ message: words.saved(number(version)) })
    onSaved?.()
  }
  const mayWrite = may('templates')
  return (
    <Stack gap="lg">
      <LeaveGuard isOn={isChanged} />
      {!mayWrite && <Alert icon={<Icon name="info" />}>{words.readOnly}</Alert>}
      <fieldset
        disabled={!mayWrite}
        style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0, display: 'contents' }}
      >
        <TemplateFields
          {...{ code, onCode, draft }}
          isCodeWrong={code !== '' && !CODE.test(code)}
          onChange={(change) => {
            setDraft({ ...draft, ...change })
          }}
        />
        <Samples
          values={values}
          onChange={(name, value) => {
            setSamples({ ...samples, [name]: value })
          }}
          onFill={() => {
            setSamples({})
          }}
        />
        <Section title={words.variants} bare>
          <Stack gap="md">
            {draft.variants.map((variant, index) => (
              <VariantEditor
                key={index}
                {...{ code, variant, values }}
                all={draft.variants}
                isNew={!base.variants.some((each) => each.variant === variant.variant)}
                onChange={(change) => {
                  setDraft(changeVariantAt(draft, index, change))
                }}
                onRemove={
                  draft.variants.length > 1
                    ? () => {
                        setDraft(removeVariantAt(draft, index))
                      }
                    : undefined
                }
              />
            ))}
            {mayWrite && (
              <div>
                <Button
                  variant="default"
                  leftSection={<Icon name="plus" size={16} />}
                  onClick={() => {
                    setDraft(addVariant(draft))
                  }}
                >
                  {words.addVariant}
                </Button>
              </div>
            )}
          </Stack>
        </Section>
      </fieldset>
      {mayWrite && (
        <SaveBar
          code={code}
          isChanged={isChanged}
          isComplete={isComplete(code, draft)}
          isNew={base.version === 0}
          isSendable={draft.variants.some(isSendable)}
          save={submit}
          discard={() => {
            setBase(stored)
            setDraft(stored)
          }}
        />
      )}
    </Stack>
  )
}

function isComplete(code: string, { name, language, variants }: Draft): boolean {
  const texts = [name, language, ...variants.flatMap((each) => [each.variant, each.content])]
  return CODE.test(code) && texts.every((text) => text.trim() !== '')
}
