import { Route, Routes } from 'react-router'
import { NewTemplate } from './NewTemplate.tsx'
import { TemplateList } from './TemplateList.tsx'
import { TemplateView } from './TemplateView.tsx'

/** `new-template` can be nobody's code: those have no dash. */
export function TemplatesPage() {
  return (
    <Routes>
      <Route index element={<TemplateList />} />
      <Route path="new-template" element={<NewTemplate />} />
      <Route path=":code" element={<TemplateView />} />
    </Routes>
  )
}
