-- Up Migration

-- Tenants in maintenance: what their pages say, and whether their data are read-only meanwhile.
create table maintenance (
  tenant text primary key,
  read_only boolean not null,
  -- When it is said to end. An announcement is over then; read-only mode ends only when it is ended.
  until timestamptz,
  message_en text,
  message_fr text,
  begun_by text not null,
  begun_at timestamptz not null
);
