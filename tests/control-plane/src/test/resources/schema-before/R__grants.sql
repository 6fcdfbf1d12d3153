-- What the application role may do, and nothing else. Run again whenever this text or the role's name changes.
-- Never granted: DELETE on anything but memberships and refresh tokens, UPDATE on the audit log, any change of the schema.

REVOKE ALL ON ALL TABLES IN SCHEMA nvremote FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA nvremote FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA nvremote FROM "${app}";

GRANT USAGE ON SCHEMA nvremote TO "${app}";
GRANT SELECT, INSERT, UPDATE ON users, orgs, hosts, host_certificates, bootstrap_tokens, gateways, sessions, addr_slots, audit_heads TO "${app}";
GRANT SELECT, INSERT ON identities TO "${app}";
GRANT SELECT, INSERT, UPDATE, DELETE ON org_members, refresh_tokens TO "${app}";
GRANT SELECT, INSERT ON audit_log TO "${app}";
GRANT EXECUTE ON FUNCTION current_org(), memberships_of(uuid), org_of_host(uuid, uuid), org_of_session(uuid, uuid),
    certificate_of(varchar), certificates_of(varchar[]), online_hosts(), note_heartbeats(uuid[], uuid[], varchar[], varchar[]),
    trusted_hosts(uuid[]), memberships_of_users(uuid[]), overdue_sessions(timestamptz, timestamptz), lost_sessions(timestamptz),
    live_sessions(uuid), pairs_of_user(uuid) TO "${app}";
