-- Up Migration

-- What of OpenID Connect must outlive a restart of the ephemeral store. Ids are SHA-256 of what the bearer shows: a dump is no login.
-- Payloads are the provider library's own JSON, kept as text: nothing here looks into them.

create table oidc_grants (
  tenant text not null,
  id bytea not null,
  account_id text not null,
  client_id text not null,
  payload text not null,
  expires_at timestamptz not null,
  primary key (tenant, id)
);

create index oidc_grants_account on oidc_grants (tenant, account_id);
create index oidc_grants_expires_at on oidc_grants (expires_at);

-- No foreign key to the grant: when a reuse kills the grant while the winner's new token is being written, that write must not fail. A token
-- whose grant is gone is never found.
create table oidc_refresh_tokens (
  tenant text not null,
  id bytea not null,
  grant_id bytea not null,
  account_id text not null,
  payload text not null,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (tenant, id)
);

create index oidc_refresh_tokens_expires_at on oidc_refresh_tokens (expires_at);

create table oidc_consents (
  tenant text not null,
  account_id text not null,
  client_id text not null,
  scopes text[] not null,
  granted_at timestamptz not null,
  primary key (tenant, account_id, client_id)
);
