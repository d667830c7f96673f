-- Entries of the module sample-items. Owners are not foreign keys: their accounts are another service's, or another
-- module's.
create table sample_items (
  id uuid primary key,
  owner_id uuid not null,
  text text not null check (length(text) <= 1000),
  created_at timestamptz not null
);

-- The entries of one owner, page by page.
create index sample_items_by_owner on sample_items (owner_id, id);

-- Nothing is granted to app_reader: what people and reports may see is said column by column (SR-49).
