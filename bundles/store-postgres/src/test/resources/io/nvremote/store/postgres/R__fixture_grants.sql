GRANT SELECT, INSERT, UPDATE ON orgs, hosts TO "${app}";
