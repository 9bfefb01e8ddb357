-- Up Migration

-- Before a record of the destination is taken for gone: whose else it is.
create index sync_identities_destination on sync_identities (tenant, task, destination_id);
