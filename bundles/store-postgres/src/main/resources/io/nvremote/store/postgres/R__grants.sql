-- Nobody may anything that a provider's own grants don't say. Run again whenever this text or the role's name changes.

ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA nvremote FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA nvremote FROM PUBLIC;

GRANT USAGE ON SCHEMA nvremote TO "${app}";
GRANT EXECUTE ON FUNCTION current_org() TO "${app}";
