-- The tables that every service has. A new service begins its own history with a copy of this file; what changes here
-- later reaches it as a migration of its own.

-- One row for each Idempotency-Key of a caller on a route, with the answer that it got (SR-41).
create table idempotency_keys (
  user_id uuid not null,
  route text not null check (length(route) <= 256),
  key text not null check (length(key) between 16 and 255),
  -- SHA-256 of the request, base64url.
  fingerprint text not null check (length(fingerprint) = 43),
  -- Absent only inside the transaction that writes them.
  status smallint,
  location text,
  body text,
  created_at timestamptz not null,
  primary key (user_id, route, key)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);

-- What happened that matters for security (SR-45). Actors are not foreign keys: an event outlives what it tells of. Each
-- event carries a hash over itself and the hash of the one before: a row that is edited, removed, moved or put in between
-- is found by whoever reads them in order (SR-48; docs/decisions/018-audit-chain.md).
create table security_events (
  id uuid primary key,
  name text not null check (length(name) <= 64),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  occurred_at timestamptz not null,
  actor_id text check (length(actor_id) <= 255),
  subject_id text check (length(subject_id) <= 255),
  client_address text check (length(client_address) <= 64),
  request_id text check (length(request_id) <= 64),
  details jsonb not null default '{}',
  sequence bigint not null,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);

-- The newest first, page by page.
create index security_events_by_time on security_events (id desc);
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

create trigger chain before insert on security_events for each row execute function chain_security_event();

-- Written once: who can write events cannot change them.
revoke update, delete, truncate on security_events from app_runtime;

-- All of it: `main.js verify-audit` runs as this role.
grant select on security_events to app_reader;
