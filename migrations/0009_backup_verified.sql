-- Up Migration

-- When a restored copy was last found whole. Told from outside: what a verification writes into the copy, nobody reads here.
create table backup_verified (
  only_row boolean primary key default true check (only_row),
  verified_at timestamptz not null
);
