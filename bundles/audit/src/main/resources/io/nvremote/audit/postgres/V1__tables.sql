-- The audit log. No references out of it: what it names may go. One chain per organisation; the nil UUID has the chain of
-- what belongs to none.

CREATE TABLE audit_heads (
    org_id uuid PRIMARY KEY,
    seq    bigint NOT NULL,
    hash   char(64) NOT NULL
);

CREATE TABLE audit_log (
    org_id        uuid NOT NULL,
    seq           bigint NOT NULL CHECK (seq > 0),
    at            timestamptz NOT NULL,
    event_type    varchar(64) NOT NULL,
    actor_type    varchar(16) NOT NULL,
    actor_id      uuid,
    actor_email   varchar(320),
    actor_ip      varchar(45),
    actor_agent   varchar(512),
    outcome       varchar(16) NOT NULL CHECK (outcome IN ('SUCCESS', 'FAILURE', 'ERROR')),
    resource_type varchar(32),
    resource_id   varchar(255),
    session_id    uuid,
    context       jsonb NOT NULL,
    prev_hash     char(64) NOT NULL,
    hash          char(64) NOT NULL,
    PRIMARY KEY (org_id, seq)
);
CREATE INDEX audit_log_time ON audit_log (org_id, at);
CREATE INDEX audit_log_event ON audit_log (org_id, event_type, at);
CREATE INDEX audit_log_actor ON audit_log (org_id, actor_id, at);
CREATE INDEX audit_log_resource ON audit_log (org_id, resource_type, resource_id);
CREATE INDEX audit_log_session ON audit_log (org_id, session_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION head_moves_forward() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        IF NEW.org_id <> OLD.org_id OR NEW.seq <> OLD.seq + 1 THEN
            RAISE EXCEPTION 'the head of an audit chain moves forward by one' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads FOR EACH ROW EXECUTE FUNCTION head_moves_forward();

ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON audit_heads USING (org_id = (SELECT current_org()));
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON audit_log USING (org_id = (SELECT current_org()));
