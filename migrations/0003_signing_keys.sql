-- Up Migration

-- Keys that sign tokens. `published`: in the key set, so that clients know it before it signs; `signing`; `retired`: still in the key set,
-- for tokens that it signed.
create table signing_keys (
  tenant text not null,
  kid text not null,
  algorithm text not null check (algorithm in ('RS256', 'ES256')),
  state text not null check (state in ('published', 'signing', 'retired')),
  sealed_jwk text not null,
  created_at timestamptz not null,
  primary key (tenant, kid)
);
