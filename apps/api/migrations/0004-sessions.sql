-- Signed-in sessions. A session is the family of its refresh tokens (SR-8).
create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id),
  -- `sid` of its access tokens. It is replaced when those must end while the session goes on (SR-7).
  access_id uuid not null unique,
  profile text not null check (profile in ('standard', 'aal2')),
  -- How the user proved who they are, as in RFC 8176, and when (SR-54).
  method text not null check (length(method) between 1 and 32),
  authenticated_at timestamptz not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  -- The end without use, which never passes the end in any case (SR-9).
  idle_expires_at timestamptz not null check (idle_expires_at <= expires_at),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (length(end_reason) <= 32),
  client_address text check (length(client_address) <= 64),
  user_agent text check (length(user_agent) <= 256)
);

create index sessions_by_user on sessions (user_id, created_at);

-- Refresh tokens, the used ones too: who shows one of those is a thief, or was stolen from. Never a token itself.
create table refresh_tokens (
  -- SHA-256 of the token, base64url.
  digest text primary key check (length(digest) = 43),
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null,
  used_at timestamptz,
  -- With the token, and only with it, makes the successor; erased when that may no longer be handed out.
  successor_salt bytea check (length(successor_salt) = 32)
);

create index refresh_tokens_by_session on refresh_tokens (session_id);
