-- Failed sign-ins by password since the last success, for as long as it takes (SR-13): no window forgets them. Not a
-- column of users: each attempt writes here, and nothing else of an account changes with it.
create table sign_in_failures (
  user_id uuid primary key references users (id),
  consecutive integer not null check (consecutive >= 0)
);
