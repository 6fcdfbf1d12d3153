REVOKE ALL ON kept_answers FROM "${app}";
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_answers TO "${app}";
