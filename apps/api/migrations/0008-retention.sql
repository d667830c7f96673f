-- What has expired is found by its age when it is deleted (SR-80), without a look at the rest.
create index sessions_by_end on sessions (expires_at);

create index one_time_tokens_by_age on one_time_tokens (created_at);
