import { type Kysely, sql } from 'kysely'

/** The guide's four templates (guide.md, "Default Templates"), in Traditional Chinese. */
const SEEDS = [
  {
    code: 'order_confirmation',
    name: '訂單確認',
    variants: [
      {
        variant: 'A',
        weight: 50,
        content:
          '【幸福氣】您好，已收到您的訂單 {order_id}，預計 {delivery_time} 送達，請留意家中是否有人。感謝您的訂購！',
      },
      {
        variant: 'B',
        weight: 50,
        content: '【幸福氣】訂單 {order_id} 已確認，{delivery_time} 送達。',
      },
    ],
  },
  {
    code: 'out_for_delivery',
    name: '配送中通知',
    variants: [
      {
        variant: 'A',
        weight: 100,
        content: '【幸福氣】您的瓦斯已出發，送貨員 {driver_name|專員} 預計 {eta} 抵達。',
      },
    ],
  },
  {
    code: 'delivery_completed',
    name: '配送完成',
    variants: [
      { variant: 'A', weight: 100, content: '【幸福氣】訂單 {order_id} 已送達，感謝您的訂購！' },
    ],
  },
  {
    code: 'payment_reminder',
    name: '付款提醒',
    variants: [
      {
        variant: 'A',
        weight: 100,
        content: '【幸福氣】提醒您，訂單 {order_id} 尚有款項新台幣 {amount} 元未付，謝謝您！',
      },
    ],
  },
]

/** A version is all variants with their weights at one time: a message pins the version that made it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table template (
      code text not null primary key,
      version integer not null,
      deleted_at timestamptz,
      created_at timestamptz not null default now()
    )`.execute(db)
  await sql`
    create table template_version (
      code text not null references template (code) deferrable initially deferred,
      version integer not null,
      name text not null,
      language text not null,
      author text,
      created_at timestamptz not null default now(),
      primary key (code, version)
    )`.execute(db)
  await sql`
    create table template_variant (
      code text not null,
      version integer not null,
      variant text not null,
      content text not null,
      weight integer not null check (weight between 0 and 10000),
      active boolean not null,
      primary key (code, version, variant),
      foreign key (code, version) references template_version (code, version)
    )`.execute(db)
  for (const { code, name, variants } of SEEDS) {
    await sql`insert into template (code, version) values (${code}, 1)`.execute(db)
    await sql`insert into template_version (code, version, name, language)
      values (${code}, 1, ${name}, 'zh-TW')`.execute(db)
    for (const { variant, weight, content } of variants) {
      await sql`insert into template_variant (code, version, variant, content, weight, active)
        values (${code}, 1, ${variant}, ${content}, ${weight}, true)`.execute(db)
    }
  }
}
