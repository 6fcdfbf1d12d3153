-- What the application role may do here, and nothing else: it deletes memberships only.

REVOKE ALL ON users, identities, orgs, org_members, invitations, hosts, host_certificates, bootstrap_tokens, host_load, living_users,
    living_members, host_states FROM "${app}";
GRANT SELECT, INSERT, UPDATE ON users, orgs, invitations, hosts, host_certificates, bootstrap_tokens TO "${app}";
GRANT SELECT, INSERT ON identities TO "${app}";
GRANT SELECT, INSERT, UPDATE, DELETE ON org_members TO "${app}";
GRANT SELECT ON host_load, living_users, living_members TO "${app}";
-- UPDATE is for locks alone: SELECT FOR UPDATE asks for it.
GRANT SELECT, UPDATE ON host_states TO "${app}";
GRANT EXECUTE ON FUNCTION memberships_of(uuid), memberships_of_users(uuid[]), lock_orgs_administered_by(uuid),
    orgs_with_no_admin_but(uuid), invitations_of(uuid, timestamptz), org_of_host(uuid, uuid), certificate_of(varchar),
    certificates_of(varchar[]), trusted_hosts(uuid[]), online_hosts(), note_heartbeats(uuid[], uuid[], varchar[], varchar[]) TO "${app}";
