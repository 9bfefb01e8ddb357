-- Up Migration

-- Sessions, tokens and limits of installations without Redis. Unlogged: twice as fast, and empty after a crash of PostgreSQL, which
-- signs people out but loses nothing that must last.
create unlogged table ephemeral (
  key text primary key,
  value text not null,
  expires_at timestamptz not null,
  -- Keys are `area:tenant:rest`.
  tenant text not null generated always as (split_part(key, ':', 2)) stored
);

create index ephemeral_expires_at on ephemeral (expires_at);
