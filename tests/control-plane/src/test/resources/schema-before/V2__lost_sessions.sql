-- Active sessions whose host was last heard of before then.
CREATE FUNCTION lost_sessions(heard_before timestamptz) RETURNS TABLE (org_id uuid, session_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id, s.id FROM sessions s JOIN hosts h ON h.org_id = s.org_id AND h.id = s.host_id
           WHERE s.status = 'ACTIVE' AND GREATEST(h.last_heartbeat_at, s.started_at) < heard_before
           ORDER BY s.org_id, s.id LIMIT 1000 $$;
