import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { NEW_DRAFT } from './draft.ts'
import { editorWords } from './editor-words.ts'
import { TemplateEditor } from './TemplateEditor.tsx'

export function NewTemplate() {
  const words = useWords(editorWords)
  const navigate = useNavigate()
  const [code, setCode] = useState('')
  return (
    <>
      <PageHeader title={words.newTitle} />
      <TemplateEditor
        code={code}
        onCode={setCode}
        stored={NEW_DRAFT}
        onSaved={() => void navigate(`/templates/${code}`, { replace: true })}
      />
    </>
  )
}
