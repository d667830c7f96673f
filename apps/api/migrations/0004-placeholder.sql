-- Keeps the number until the migration of sessions takes it.
select 1;
