-- What happened that matters for security (SR-45). Actors are not foreign keys: an event outlives what it tells of.
create table security_events (
  id uuid primary key,
  name text not null check (length(name) <= 64),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  occurred_at timestamptz not null,
  actor_id text check (length(actor_id) <= 255),
  subject_id text check (length(subject_id) <= 255),
  client_address text check (length(client_address) <= 64),
  request_id text check (length(request_id) <= 64),
  details jsonb not null default '{}'
);

-- The newest first, page by page.
create index security_events_by_time on security_events (id desc);

-- Written once: who can write events cannot change them (SR-48).
revoke update, delete on security_events from app_runtime;
