-- The ground under every provider's tables. Rules:
--   * ids are UUIDs of version 7, made by the application; instants are timestamptz
--   * what belongs to an organisation has the key (org_id, id), and every reference inside an organisation has both columns,
--     so that no row can point into another organisation
--   * row-level security shows a transaction the rows of the organisation in app.org_id and no others; without it, none.
--     The owner of the tables is not bound by it: the owner is used for steps and by SECURITY DEFINER functions only
--   * views that others may name are made WITH (security_invoker = true), so that row-level security binds who reads them

CREATE FUNCTION current_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.org_id', true), '')::uuid $$;
