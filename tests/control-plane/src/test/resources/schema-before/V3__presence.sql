-- Presence in batches, and rights that end everywhere at once.

-- The sign-in that a session was made with: when that ends, the session does.
ALTER TABLE sessions ADD COLUMN sign_in_id uuid;

DROP FUNCTION silent_hosts(timestamptz);

-- Hosts noted as online.
CREATE FUNCTION online_hosts() RETURNS TABLE (org_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.org_id, h.id FROM hosts h WHERE h.status = 'ONLINE' AND h.deleted_at IS NULL ORDER BY h.org_id, h.id $$;

-- Writes the newest figures of many hosts. The n-th elements belong together.
CREATE FUNCTION note_heartbeats(orgs uuid[], hosts_of uuid[], figures_of varchar[], heard varchar[]) RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ WITH noted AS (
            UPDATE hosts h SET figures = CAST(b.figures AS jsonb), last_heartbeat_at = CAST(b.at AS timestamptz)
              FROM unnest(orgs, hosts_of, figures_of, heard) AS b (org, host, figures, at)
             WHERE h.org_id = b.org AND h.id = b.host AND h.deleted_at IS NULL RETURNING h.id)
          SELECT count(*)::integer FROM noted $$;

-- What certificates' serial numbers stand for.
CREATE FUNCTION certificates_of(serials varchar[])
    RETURNS TABLE (serial varchar, org_id uuid, host_id uuid, expires_at timestamptz, revoked_at timestamptz, revoke_reason varchar, gone boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT c.serial, c.org_id, c.host_id, c.expires_at, c.revoked_at, c.revoke_reason, (h.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL)
            FROM host_certificates c JOIN hosts h ON h.org_id = c.org_id AND h.id = c.host_id JOIN orgs o ON o.id = c.org_id
           WHERE c.serial = ANY (serials) $$;

-- Those hosts that are there and have a certificate that was not revoked.
CREATE FUNCTION trusted_hosts(hosts_of uuid[]) RETURNS TABLE (host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.id FROM hosts h JOIN orgs o ON o.id = h.org_id
           WHERE h.id = ANY (hosts_of) AND h.deleted_at IS NULL AND o.deleted_at IS NULL
             AND EXISTS (SELECT 1 FROM host_certificates c WHERE c.org_id = h.org_id AND c.host_id = h.id AND c.revoked_at IS NULL) $$;

-- The organisations of one user; a deleted one is a member of none.
CREATE OR REPLACE FUNCTION memberships_of(the_user uuid)
    RETURNS TABLE (org_id uuid, org_name varchar, org_slug varchar, role varchar, joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT m.org_id, o.name, o.slug, m.role, m.joined_at
            FROM org_members m JOIN orgs o ON o.id = m.org_id JOIN users u ON u.id = m.user_id
           WHERE m.user_id = the_user AND o.deleted_at IS NULL AND u.deleted_at IS NULL ORDER BY o.name, o.id $$;

-- The same for many; a user without any has one row without an organisation, a deleted user none.
CREATE FUNCTION memberships_of_users(users_of uuid[])
    RETURNS TABLE (user_id uuid, org_id uuid, org_name varchar, org_slug varchar, role varchar, joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT u.id, o.id, o.name, o.slug, m.role, m.joined_at
            FROM users u LEFT JOIN (org_members m JOIN orgs o ON o.id = m.org_id AND o.deleted_at IS NULL) ON m.user_id = u.id
           WHERE u.id = ANY (users_of) AND u.deleted_at IS NULL ORDER BY u.id, o.name, o.id $$;

-- The organisation of a host, if the user is a member of it.
CREATE OR REPLACE FUNCTION org_of_host(the_user uuid, the_host uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.org_id FROM hosts h JOIN org_members m ON m.org_id = h.org_id JOIN orgs o ON o.id = h.org_id JOIN users u ON u.id = m.user_id
           WHERE h.id = the_host AND h.deleted_at IS NULL AND m.user_id = the_user AND o.deleted_at IS NULL AND u.deleted_at IS NULL $$;

-- The organisation of a session, if it is the user's own or the user is a member: who lost the right to begin one may still end it.
CREATE OR REPLACE FUNCTION org_of_session(the_user uuid, the_session uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id FROM sessions s JOIN orgs o ON o.id = s.org_id JOIN users u ON u.id = the_user
           WHERE s.id = the_session AND u.deleted_at IS NULL
             AND (s.user_id = the_user
                  OR (o.deleted_at IS NULL AND EXISTS (SELECT 1 FROM org_members m WHERE m.org_id = s.org_id AND m.user_id = the_user))) $$;

-- Sessions past their time, and active sessions whose host was last heard of before then: with their hosts.
DROP FUNCTION overdue_sessions(timestamptz, timestamptz);
CREATE FUNCTION overdue_sessions(now_at timestamptz, active_since timestamptz) RETURNS TABLE (org_id uuid, session_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id, s.id, s.host_id FROM sessions s
           WHERE (s.status = 'PENDING' AND s.deadline <= now_at) OR (s.status = 'ACTIVE' AND s.started_at <= active_since)
           ORDER BY s.org_id, s.id LIMIT 1000 $$;
DROP FUNCTION lost_sessions(timestamptz);
CREATE FUNCTION lost_sessions(heard_before timestamptz) RETURNS TABLE (org_id uuid, session_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id, s.id, s.host_id FROM sessions s JOIN hosts h ON h.org_id = s.org_id AND h.id = s.host_id
           WHERE s.status = 'ACTIVE' AND GREATEST(h.last_heartbeat_at, s.started_at) < heard_before
           ORDER BY s.org_id, s.id LIMIT 1000 $$;
