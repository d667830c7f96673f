-- Accounts. An address is stored in lower case, so that one person has one account.
create table users (
  id uuid primary key,
  email text not null unique check (email = lower(email) and length(email) <= 254),
  -- Absent until the person has chosen a password.
  password_hash text,
  role text not null check (role in ('user', 'admin')),
  age smallint check (age between 18 and 120),
  -- Absent until the person has shown that the address is theirs: no sign-in before.
  confirmed_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null
);

-- Accounts are disabled, never deleted by the service: what they did stays attributable.
revoke delete on users from app_runtime;
