-- What must be known before an organisation is: narrow functions that run as the owner.

-- The organisation of a session, if it is the user's own or the user is a member: who lost the right to begin one may still end it.
CREATE OR REPLACE FUNCTION org_of_session(the_user uuid, the_session uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id FROM sessions s JOIN living_users u ON u.user_id = the_user
           WHERE s.id = the_session
             AND (s.user_id = the_user
                  OR EXISTS (SELECT 1 FROM living_members m WHERE m.org_id = s.org_id AND m.user_id = the_user)) $$;

-- Sessions past their time, with their hosts.
CREATE OR REPLACE FUNCTION overdue_sessions(now_at timestamptz, active_since timestamptz) RETURNS TABLE (org_id uuid, session_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id, s.id, s.host_id FROM sessions s
           WHERE (s.status = 'PENDING' AND s.deadline <= now_at) OR (s.status = 'ACTIVE' AND s.started_at <= active_since)
           ORDER BY s.org_id, s.id LIMIT 1000 $$;

-- Active sessions whose host was last heard of before then, with their hosts.
CREATE OR REPLACE FUNCTION lost_sessions(heard_before timestamptz) RETURNS TABLE (org_id uuid, session_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id, s.id, s.host_id FROM sessions s JOIN host_states h ON h.org_id = s.org_id AND h.host_id = s.host_id
           WHERE s.status = 'ACTIVE' AND GREATEST(h.last_heartbeat_at, s.started_at) < heard_before
           ORDER BY s.org_id, s.id LIMIT 1000 $$;

-- The live sessions of one gateway: the full set it should know.
CREATE OR REPLACE FUNCTION live_sessions(the_gateway uuid) RETURNS SETOF sessions
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.* FROM sessions s WHERE s.gateway_id = the_gateway AND s.status IN ('PENDING', 'ACTIVE') ORDER BY s.id $$;

-- Address pairs that a user holds at any gateway: one machine must not see one address twice.
CREATE OR REPLACE FUNCTION pairs_of_user(the_user uuid) RETURNS TABLE (pair_no integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.pair_no FROM sessions s WHERE s.user_id = the_user AND s.status IN ('PENDING', 'ACTIVE') $$;
