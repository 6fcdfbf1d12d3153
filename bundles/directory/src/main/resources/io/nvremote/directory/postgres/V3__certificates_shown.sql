-- When a host first showed a certificate: one that was asked for and never arrived takes nothing from those before it.
ALTER TABLE host_certificates ADD COLUMN shown_at timestamptz;

-- Made again, with this column, by R__functions.sql.
DROP FUNCTION IF EXISTS certificate_of(varchar);
