-- Each event carries a hash over itself and the hash of the one before: a row that is edited, removed, moved or put in
-- between is found by whoever reads them in order (SR-48; docs/decisions/018-audit-chain.md).
alter table security_events
  add column sequence bigint,
  add column previous_hash text check (previous_hash ~ '^[0-9a-f]{64}$'),
  add column hash text check (hash ~ '^[0-9a-f]{64}$');

create unique index security_events_by_sequence on security_events (sequence desc);

-- The database numbers and hashes, whoever inserts: what a service sends in these columns is overwritten. One writer at
-- a time, over all replicas, until its transaction ends: the letters "audit" as a number are the lock. Every query of a
-- trigger sees what was committed before it, and the rows before in the same statement.
create function chain_security_event() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  head_sequence bigint;
  head_hash text;
begin
  perform pg_advisory_xact_lock(418581342580);
  select e.sequence, e.hash into head_sequence, head_hash
    from public.security_events e where e.sequence is not null order by e.sequence desc limit 1;
  new.sequence := coalesce(head_sequence, 0) + 1;
  new.previous_hash := coalesce(head_hash, repeat('0', 64));
  -- Each part with its length in bytes, so that no two events are written alike.
  select encode(sha256(convert_to(
      string_agg(coalesce(octet_length(part) || ':' || part, '-'), E'\n' order by position), 'UTF8')), 'hex')
    into new.hash
    from unnest(array[
      new.previous_hash,
      new.sequence::text,
      new.id::text,
      new.name,
      new.severity,
      to_char(new.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      new.actor_id,
      new.subject_id,
      new.client_address,
      new.request_id,
      new.details::text
    ]) with ordinality as parts (part, position);
  return new;
end
$$;

-- What happened before this migration is chained as it is found, oldest first.
create trigger chain before update on security_events for each row execute function chain_security_event();
do $$
declare
  event record;
begin
  for event in select id from security_events order by id loop
    update security_events set sequence = null where id = event.id;
  end loop;
end
$$;
drop trigger chain on security_events;

create trigger chain before insert on security_events for each row execute function chain_security_event();

alter table security_events
  alter column sequence set not null,
  alter column previous_hash set not null,
  alter column hash set not null;

-- As in 0002, said again for the columns of today: the service adds rows and reads them.
revoke update, delete, truncate on security_events from app_runtime;
