import { useState } from 'react'
import { Navigate } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { NEW_DRAFT } from './draft.ts'
import { editorWords } from './editor-words.ts'
import { TemplateEditor } from './TemplateEditor.tsx'

export function NewTemplate() {
  const words = useWords(editorWords)
  const [code, setCode] = useState('')
  const [isMade, setMade] = useState(false)
  return (
    <>
      <PageHeader title={words.newTitle} />
      <TemplateEditor
        code={code}
        onCode={setCode}
        stored={NEW_DRAFT}
        onSaved={() => {
          setMade(true)
        }}
      />
      {/* Once the editor knows that nothing is unsaved any more: it asks before one leaves. */}
      {isMade && <Navigate to={`/templates/${code}`} replace />}
    </>
  )
}
