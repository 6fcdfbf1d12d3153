-- What must be known before an organisation is: narrow functions that run as the owner. Each answers one question about one
-- key that the caller already holds, or lists ids for work that is then done organisation by organisation.

-- What others may read of these tables, each reader with its own rights; first, since what follows is made of it.

-- Users that may act: neither deleted nor disabled. The one place that says so.
CREATE OR REPLACE VIEW living_users WITH (security_invoker = true) AS
    SELECT u.id AS user_id FROM users u WHERE u.deleted_at IS NULL AND u.disabled_at IS NULL;

-- Members of organisations, where both are there.
CREATE OR REPLACE VIEW living_members WITH (security_invoker = true) AS
    SELECT m.org_id, m.user_id, m.role FROM org_members m JOIN orgs o ON o.id = m.org_id JOIN living_users u ON u.user_id = m.user_id
     WHERE o.deleted_at IS NULL;

-- Hosts as who plans sessions needs them; a row can be locked through it.
CREATE OR REPLACE VIEW host_states WITH (security_invoker = true) AS
    SELECT h.org_id, h.id AS host_id, h.status, h.max_sessions, h.last_heartbeat_at, h.deleted_at FROM hosts h;

-- The organisations of one user; one that is deleted or disabled is a member of none.
CREATE OR REPLACE FUNCTION memberships_of(the_user uuid)
    RETURNS TABLE (org_id uuid, org_name varchar, org_slug varchar, role varchar, joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT m.org_id, o.name, o.slug, m.role, m.joined_at
            FROM org_members m JOIN orgs o ON o.id = m.org_id JOIN living_users u ON u.user_id = m.user_id
           WHERE m.user_id = the_user AND o.deleted_at IS NULL ORDER BY o.name, o.id $$;

-- The same for many; a user without any has one row without an organisation, a deleted or disabled user none.
CREATE OR REPLACE FUNCTION memberships_of_users(users_of uuid[])
    RETURNS TABLE (user_id uuid, org_id uuid, org_name varchar, org_slug varchar, role varchar, joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT u.user_id, o.id, o.name, o.slug, m.role, m.joined_at
            FROM living_users u LEFT JOIN (org_members m JOIN orgs o ON o.id = m.org_id AND o.deleted_at IS NULL) ON m.user_id = u.user_id
           WHERE u.user_id = ANY (users_of) ORDER BY u.user_id, o.name, o.id $$;

-- The organisations that the user administers, locked against other changes of their members until the transaction ends.
CREATE OR REPLACE FUNCTION lock_orgs_administered_by(the_user uuid) RETURNS SETOF uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT o.id FROM orgs o
           WHERE o.id IN (SELECT m.org_id FROM living_members m WHERE m.user_id = the_user AND m.role = 'ADMIN')
           ORDER BY o.id FOR NO KEY UPDATE $$;

-- Those in which others would be left without an admin if this user went. Where nobody is left, nobody misses one.
CREATE OR REPLACE FUNCTION orgs_with_no_admin_but(the_user uuid) RETURNS TABLE (org_id uuid, org_slug varchar)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT o.id, o.slug FROM living_members a JOIN orgs o ON o.id = a.org_id
           WHERE a.user_id = the_user AND a.role = 'ADMIN'
             AND EXISTS (SELECT 1 FROM living_members m WHERE m.org_id = a.org_id AND m.user_id <> the_user)
             AND NOT EXISTS (SELECT 1 FROM living_members m WHERE m.org_id = a.org_id AND m.user_id <> the_user AND m.role = 'ADMIN')
           ORDER BY o.slug $$;

-- Open invitations of a user's address, with the organisations that sent them.
CREATE OR REPLACE FUNCTION invitations_of(the_user uuid, at timestamptz)
    RETURNS TABLE (id uuid, org_id uuid, org_name varchar, email varchar, role varchar, invited_by uuid, created_at timestamptz, expires_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT i.id, i.org_id, o.name, i.email, i.role, i.invited_by, i.created_at, i.expires_at
            FROM users u JOIN living_users l ON l.user_id = u.id
            JOIN invitations i ON i.email = lower(u.email) JOIN orgs o ON o.id = i.org_id
           WHERE u.id = the_user AND i.state = 'OPEN' AND i.expires_at > at AND o.deleted_at IS NULL ORDER BY i.created_at, i.id LIMIT 100 $$;

-- The organisation of a host, if the user is a member of it.
CREATE OR REPLACE FUNCTION org_of_host(the_user uuid, the_host uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.org_id FROM hosts h JOIN living_members m ON m.org_id = h.org_id
           WHERE h.id = the_host AND h.deleted_at IS NULL AND m.user_id = the_user $$;

-- What a certificate's serial number stands for.
CREATE OR REPLACE FUNCTION certificate_of(the_serial varchar)
    RETURNS TABLE (org_id uuid, host_id uuid, expires_at timestamptz, revoked_at timestamptz, revoke_reason varchar, gone boolean, shown boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT c.org_id, c.host_id, c.expires_at, c.revoked_at, c.revoke_reason, (h.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL),
                 c.shown_at IS NOT NULL
            FROM host_certificates c JOIN hosts h ON h.org_id = c.org_id AND h.id = c.host_id JOIN orgs o ON o.id = c.org_id
           WHERE c.serial = the_serial $$;

-- What certificates' serial numbers stand for.
CREATE OR REPLACE FUNCTION certificates_of(serials varchar[])
    RETURNS TABLE (serial varchar, org_id uuid, host_id uuid, expires_at timestamptz, revoked_at timestamptz, revoke_reason varchar, gone boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT c.serial, c.org_id, c.host_id, c.expires_at, c.revoked_at, c.revoke_reason, (h.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL)
            FROM host_certificates c JOIN hosts h ON h.org_id = c.org_id AND h.id = c.host_id JOIN orgs o ON o.id = c.org_id
           WHERE c.serial = ANY (serials) $$;

-- Those hosts that are there and have a certificate that was not revoked.
CREATE OR REPLACE FUNCTION trusted_hosts(hosts_of uuid[]) RETURNS TABLE (host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.id FROM hosts h JOIN orgs o ON o.id = h.org_id
           WHERE h.id = ANY (hosts_of) AND h.deleted_at IS NULL AND o.deleted_at IS NULL
             AND EXISTS (SELECT 1 FROM host_certificates c WHERE c.org_id = h.org_id AND c.host_id = h.id AND c.revoked_at IS NULL) $$;

-- Hosts noted as online.
CREATE OR REPLACE FUNCTION online_hosts() RETURNS TABLE (org_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.org_id, h.id FROM hosts h WHERE h.status = 'ONLINE' AND h.deleted_at IS NULL ORDER BY h.org_id, h.id $$;

-- Writes the newest figures of many hosts. The n-th elements belong together.
CREATE OR REPLACE FUNCTION note_heartbeats(orgs uuid[], hosts_of uuid[], figures_of varchar[], heard varchar[]) RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ WITH noted AS (
            UPDATE hosts h SET figures = CAST(b.figures AS jsonb), last_heartbeat_at = CAST(b.at AS timestamptz)
              FROM unnest(orgs, hosts_of, figures_of, heard) AS b (org, host, figures, at)
             WHERE h.org_id = b.org AND h.id = b.host AND h.deleted_at IS NULL RETURNING h.id)
          SELECT count(*)::integer FROM noted $$;
