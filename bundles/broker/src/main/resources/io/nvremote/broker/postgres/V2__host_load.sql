-- The directory's question how busy its hosts are, answered.
CREATE OR REPLACE VIEW host_load WITH (security_invoker = true) AS
    SELECT s.org_id, s.host_id, count(*) AS live FROM sessions s WHERE s.status IN ('PENDING', 'ACTIVE') GROUP BY s.org_id, s.host_id;
