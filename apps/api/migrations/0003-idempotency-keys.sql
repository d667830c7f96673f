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
