-- The log is appended to and read, and neither changed nor deleted.

REVOKE ALL ON audit_heads, audit_log FROM "${app}";
GRANT SELECT, INSERT, UPDATE ON audit_heads TO "${app}";
GRANT SELECT, INSERT ON audit_log TO "${app}";
