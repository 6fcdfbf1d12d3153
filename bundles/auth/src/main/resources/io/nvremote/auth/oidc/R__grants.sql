REVOKE ALL ON refresh_tokens FROM "${app}";
GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_tokens TO "${app}";
