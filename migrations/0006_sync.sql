-- Up Migration

-- Runs of synchronization tasks: what the engine does, what the pages show, what is queued. Ids are UUIDs of version 7: their order is the order in time.
create table sync_runs (
  id uuid primary key,
  tenant text not null,
  task text not null,
  kind text not null check (kind in ('full', 'incremental', 'entry', 'undo')),
  state text not null check (state in ('queued', 'reading', 'planned', 'held', 'approved', 'applying', 'done', 'incomplete',
    'failed', 'cancelled')),
  preview boolean not null,
  requested_by text not null,
  only_attribute text,
  only_value text,
  undoes uuid,
  requested_at timestamptz not null,
  started_at timestamptz,
  -- When it came to rest: a plan that waits for its approval has this too.
  ended_at timestamptz,
  heartbeat_at timestamptz,
  counts json not null,
  guards json not null,
  approved_by text,
  undone_by text,
  failure_code text,
  failure_detail text
);

create index sync_runs_task on sync_runs (tenant, task, id);
create index sync_runs_unfinished on sync_runs (tenant, task) where state in ('queued', 'reading', 'approved', 'applying');
create index sync_runs_held on sync_runs (tenant, task, id) where state = 'held';

-- One row for each operation of a plan, up to a million for a run. No foreign key: its check would cost a lookup for each row, and a cascade would delete a
-- million rows in one statement; `purge` deletes them in parts. Rows are updated twice when they are applied (sent, done): the space left in each
-- page and no index on `state` keep those updates in their page, without touching an index.
create table sync_journal (
  run uuid not null,
  seq int not null,
  stage int not null,
  attempts smallint not null default 0,
  kind text not null,
  state text not null default 'planned',
  name text not null,
  key text not null,
  source_id text,
  source_name text,
  destination_id text,
  -- json, not jsonb: it is read as it was written, and written a third faster.
  change json not null,
  before json not null,
  why json not null,
  sealed text,
  error_code text,
  error_detail text,
  primary key (run, seq)
) with (fillfactor = 70);

create index sync_journal_order on sync_journal (run, stage, seq);

create table sync_findings (
  run uuid not null,
  seq bigint not null generated always as identity,
  kind text not null,
  subject text not null,
  detail json not null,
  primary key (run, seq)
);

-- How far a task has followed the changes of its source.
create table sync_tokens (
  tenant text not null,
  task text not null,
  token text not null,
  updated_at timestamptz not null,
  primary key (tenant, task)
);

-- Which record of the destination is which of the source. Sorted byte by byte: pages of ids must not depend on a locale.
create table sync_identities (
  tenant text not null,
  task text not null,
  source_id text not null collate "C",
  source_name text not null,
  destination_id text not null,
  key text not null,
  primary key (tenant, task, source_id)
);

-- Since when records of the destination are gone from the source, for soft deletes.
create table sync_departures (
  tenant text not null,
  task text not null,
  destination_id text not null collate "C",
  since timestamptz not null,
  primary key (tenant, task, destination_id)
);

-- Who runs a task. `lease` tells two takings by one holder apart.
create table sync_leases (
  tenant text not null,
  task text not null,
  lease uuid not null,
  holder text not null,
  until timestamptz not null,
  primary key (tenant, task)
);

-- Tenants whose synchronization writes nothing for now.
create table sync_freezes (
  tenant text primary key,
  frozen_by text not null,
  frozen_at timestamptz not null,
  reason text not null
);

-- What monitoring adds up, such as `run.done` and `change.create`: runs are purged, their sums are not.
create table sync_totals (
  tenant text not null,
  task text not null,
  counter text not null,
  value bigint not null,
  primary key (tenant, task, counter)
);
