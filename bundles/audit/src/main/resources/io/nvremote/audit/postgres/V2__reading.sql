-- A page of the log is read in the order of time along one index, whatever is asked for: each has what is equal first, then time,
-- then the number of the row, which orders those of one instant.

DROP INDEX audit_log_time, audit_log_event, audit_log_actor, audit_log_resource, audit_log_session;
CREATE INDEX audit_log_time ON audit_log (org_id, at, seq);
CREATE INDEX audit_log_event ON audit_log (org_id, event_type, at, seq);
CREATE INDEX audit_log_actor ON audit_log (org_id, actor_id, at, seq);
CREATE INDEX audit_log_resource ON audit_log (org_id, resource_type, resource_id, at, seq);
CREATE INDEX audit_log_session ON audit_log (org_id, session_id, at, seq);
CREATE INDEX audit_log_outcome ON audit_log (org_id, outcome, at, seq);
