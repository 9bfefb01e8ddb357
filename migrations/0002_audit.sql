-- Up Migration

-- The end of each tenant's chain. Updated in the statement that inserts the events, so that of two writers at once one waits or tries again.
create table audit_heads (
  tenant text primary key,
  -- The open segment: its number, its first event, since when.
  segment int not null,
  first_seq bigint not null,
  opened_at timestamptz not null,
  -- The newest event; 0 and 64 zeros when there is none.
  seq bigint not null,
  hash text not null,
  mac text not null
);

-- Closed segments. A row stays when its events are purged: it bridges the chain.
create table audit_segments (
  tenant text not null,
  segment int not null,
  first_seq bigint not null,
  last_seq bigint not null,
  first_prev text not null,
  last_hash text not null,
  closed_at timestamptz not null,
  -- Time of its newest event, as in the event.
  newest text collate "C" not null,
  mac text not null,
  purge_mac text,
  primary key (tenant, segment)
);

-- `entry` is what was hashed, byte for byte (json, not jsonb: it keeps the text). What queries need of it is generated from it, so that
-- it cannot say anything else.
create table audit_events (
  tenant text not null,
  seq bigint not null,
  entry json not null,
  time text collate "C" not null generated always as (entry ->> 'time') stored,
  action text not null generated always as (entry ->> 'action') stored,
  actor_person uuid generated always as ((entry #>> '{actor,person}')::uuid) stored,
  target_person uuid generated always as ((entry #>> '{target,person}')::uuid) stored,
  primary key (tenant, seq)
);

create index audit_events_actor on audit_events (tenant, actor_person, seq) where actor_person is not null;
create index audit_events_target on audit_events (tenant, target_person, seq) where target_person is not null;

-- People in the trail: a pseudonym, how to find it again, and the key of what is written about them. Forgetting a person empties both.
create table audit_people (
  tenant text not null,
  person uuid not null,
  lookup text,
  sealed_key text,
  forgotten_at timestamptz,
  primary key (tenant, person),
  unique (tenant, lookup)
);
