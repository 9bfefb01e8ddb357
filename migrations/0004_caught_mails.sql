-- Up Migration

-- Mails that the demo shows instead of sending them; sealed, since some hold recovery links.
create table caught_mails (
  id bigint generated always as identity primary key,
  tenant text not null,
  sealed text not null,
  caught_at timestamptz not null
);

create index caught_mails_tenant on caught_mails (tenant, id);
