/** How people call the column, without blanks, dashes and underscores. */
const PHONE_HEADERS = [
  'phone',
  'phonenumber',
  'mobile',
  'mobilephone',
  'mobilenumber',
  'cellphone',
  'msisdn',
  'tel',
  '電話',
  '電話號碼',
  '手機',
  '手機號碼',
  '行動電話',
  '聯絡電話',
]
const CUSTOMER_HEADERS = ['customerid', 'customer', '客戶編號', '客戶代號']

/** What a column of an uploaded file is, where its header says so. */
export function knownColumn(header: string): 'phone' | 'customer_id' | undefined {
  const plain = header.toLowerCase().replace(/[\s_-]/g, '')
  if (PHONE_HEADERS.includes(plain)) return 'phone'
  return CUSTOMER_HEADERS.includes(plain) ? 'customer_id' : undefined
}
