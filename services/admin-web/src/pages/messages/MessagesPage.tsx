import { Route, Routes } from 'react-router'
import { MessageList } from './MessageList.tsx'
import { MessageView } from './MessageView.tsx'

export function MessagesPage() {
  return (
    <Routes>
      <Route index Component={MessageList} />
      <Route path=":id" Component={MessageView} />
    </Routes>
  )
}
