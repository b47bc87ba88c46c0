import { Route, Routes } from 'react-router'
import { CampaignList } from './CampaignList.tsx'
import { CampaignView } from './CampaignView.tsx'
import { NewCampaign } from './NewCampaign.tsx'

export function CampaignsPage() {
  return (
    <Routes>
      <Route index element={<CampaignList />} />
      <Route path="new" element={<NewCampaign />} />
      <Route path=":id" element={<CampaignView />} />
    </Routes>
  )
}
