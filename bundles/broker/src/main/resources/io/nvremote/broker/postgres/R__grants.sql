-- Nothing is deleted here.

REVOKE ALL ON gateways, sessions, addr_slots FROM "${app}";
GRANT SELECT, INSERT, UPDATE ON gateways, sessions, addr_slots TO "${app}";
GRANT EXECUTE ON FUNCTION org_of_session(uuid, uuid), overdue_sessions(timestamptz, timestamptz), lost_sessions(timestamptz),
    live_sessions(uuid), pairs_of_user(uuid) TO "${app}";
