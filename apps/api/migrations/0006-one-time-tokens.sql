-- Single-use tokens that were sent by mail (SR-56). A row is kept for an hour after its making, used or not: requests
-- of an hour are counted by it.
create table one_time_tokens (
  -- SHA-256 of the token, base64url: who reads the table cannot use it.
  token_hash text primary key check (length(token_hash) = 43),
  user_id uuid not null references users (id),
  kind text not null check (kind in ('confirm', 'reset', 'invite')),
  -- The password of the registration that is confirmed: another registration of the address does not change it.
  password_hash text check (password_hash is null or kind = 'confirm'),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index one_time_tokens_by_user on one_time_tokens (user_id, created_at);
