-- What people and reports may read (SR-49): columns by name, so that what is added later is hidden until somebody decides.
-- Never: hashes of passwords and of tokens, whatever a token is bound to, and the stored answers of requests.
grant select (id, email, role, age, confirmed_at, disabled_at, created_at) on users to app_reader;
grant select
  (id, user_id, profile, method, authenticated_at, created_at, last_used_at, idle_expires_at, expires_at, ended_at,
    end_reason, client_address, user_agent)
  on sessions to app_reader;
grant select (user_id, consecutive) on sign_in_failures to app_reader;
-- All of it: `main.js verify-audit` runs as this role.
grant select on security_events to app_reader;
