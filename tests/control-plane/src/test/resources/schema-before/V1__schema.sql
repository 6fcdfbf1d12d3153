-- The control plane's schema. Rules:
--   * ids are UUIDs of version 7, made by the application; instants are timestamptz
--   * what belongs to an organisation has the key (org_id, id), and every reference inside an organisation has both columns,
--     so that no row can point into another organisation
--   * row-level security shows a transaction the rows of the organisation in app.org_id and no others; without it, none.
--     The owner of the tables is not bound by it: the owner is used for migrations and by the functions at the end only

CREATE FUNCTION current_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.org_id', true), '')::uuid $$;

-- People. They belong to no organisation.

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         varchar(320) NOT NULL,
    name          varchar(255) NOT NULL,
    avatar_url    varchar(2048),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz,
    deleted_at    timestamptz
);

-- The key of a person is (issuer, subject): an e-mail address joins nothing.
CREATE TABLE identities (
    issuer     varchar(512) NOT NULL,
    subject    varchar(255) NOT NULL,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user ON identities (user_id);

-- A family is one sign-in; each refresh spends a token and makes the family's next.
CREATE TABLE refresh_tokens (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family_id   uuid NOT NULL,
    token_hash  varchar(64) NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    device_hash varchar(64),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    revoked_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);

-- Organisations, members, hosts.

CREATE TABLE orgs (
    id         uuid PRIMARY KEY,
    name       varchar(255) NOT NULL CHECK (name <> ''),
    slug       varchar(63) NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]*[a-z0-9]$'),
    settings   jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

CREATE TABLE org_members (
    org_id     uuid NOT NULL REFERENCES orgs (id),
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       varchar(16) NOT NULL DEFAULT 'MEMBER' CHECK (role IN ('ADMIN', 'MEMBER', 'GUEST')),
    invited_by uuid REFERENCES users (id) ON DELETE SET NULL,
    joined_at  timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX org_members_user ON org_members (user_id);
CREATE INDEX org_members_role ON org_members (org_id, role);

CREATE TABLE hosts (
    org_id            uuid NOT NULL REFERENCES orgs (id),
    id                uuid NOT NULL UNIQUE,
    hostname          varchar(255) NOT NULL CHECK (hostname <> ''),
    display_name      varchar(255),
    status            varchar(16) NOT NULL DEFAULT 'OFFLINE' CHECK (status IN ('ONLINE', 'OFFLINE', 'MAINTENANCE')),
    gpu_info          jsonb NOT NULL DEFAULT '{}',
    os_info           jsonb NOT NULL DEFAULT '{}',
    agent_version     varchar(32),
    max_sessions      integer NOT NULL DEFAULT 1 CHECK (max_sessions BETWEEN 1 AND 64),
    figures           jsonb,
    last_heartbeat_at timestamptz,
    registered_at     timestamptz NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    deleted_at        timestamptz,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX hosts_online ON hosts (last_heartbeat_at) WHERE status = 'ONLINE';

CREATE TABLE host_certificates (
    serial        varchar(40) PRIMARY KEY CHECK (serial ~ '^[0-9a-f]+$'),
    org_id        uuid NOT NULL,
    host_id       uuid NOT NULL,
    issued_at     timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    revoke_reason varchar(255),
    FOREIGN KEY (org_id, host_id) REFERENCES hosts (org_id, id)
);
CREATE INDEX host_certificates_host ON host_certificates (org_id, host_id);

CREATE TABLE bootstrap_tokens (
    org_id       uuid NOT NULL REFERENCES orgs (id),
    id           uuid NOT NULL UNIQUE,
    token_hash   varchar(64) NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    created_by   uuid NOT NULL REFERENCES users (id),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at      timestamptz,
    used_by_host uuid,
    PRIMARY KEY (org_id, id),
    CHECK ((used_at IS NULL) = (used_by_host IS NULL)),
    -- The token is spent before its host is written: whoever loses the race has nothing to undo.
    FOREIGN KEY (org_id, used_by_host) REFERENCES hosts (org_id, id) DEFERRABLE INITIALLY DEFERRED
);

-- Streaming sessions and tunnel addresses.

CREATE TABLE gateways (
    id           uuid PRIMARY KEY,
    endpoint     varchar(255) NOT NULL,
    public_key   varchar(44) NOT NULL,
    pairs        integer NOT NULL CHECK (pairs BETWEEN 1 AND 32511),
    announced_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    org_id             uuid NOT NULL REFERENCES orgs (id),
    id                 uuid NOT NULL UNIQUE,
    user_id            uuid NOT NULL REFERENCES users (id),
    host_id            uuid NOT NULL,
    gateway_id         uuid NOT NULL REFERENCES gateways (id),
    pair_no            integer NOT NULL,
    status             varchar(16) NOT NULL CHECK (status IN ('PENDING', 'ACTIVE', 'TERMINATED', 'FAILED', 'EXPIRED')),
    client_public_key  varchar(44) NOT NULL,
    host_public_key    varchar(44),
    gateway_endpoint   varchar(255) NOT NULL,
    gateway_public_key varchar(44) NOT NULL,
    idempotency_key    varchar(255),
    created_at         timestamptz NOT NULL,
    deadline           timestamptz NOT NULL,
    started_at         timestamptz,
    ended_at           timestamptz CHECK (ended_at >= created_at),
    terminated_by      uuid,
    end_reason         varchar(255),
    metadata           jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, user_id, idempotency_key),
    FOREIGN KEY (org_id, host_id) REFERENCES hosts (org_id, id),
    CHECK ((status IN ('PENDING', 'ACTIVE')) = (ended_at IS NULL)),
    CHECK (status <> 'ACTIVE' OR (host_public_key IS NOT NULL AND started_at IS NOT NULL))
);
CREATE INDEX sessions_live_host ON sessions (org_id, host_id) WHERE status IN ('PENDING', 'ACTIVE');
CREATE INDEX sessions_live_user ON sessions (user_id) WHERE status IN ('PENDING', 'ACTIVE');
CREATE INDEX sessions_live_gateway ON sessions (gateway_id) WHERE status IN ('PENDING', 'ACTIVE');
CREATE INDEX sessions_user ON sessions (org_id, user_id, id);

-- One row per aligned pair of addresses: two columns with a unique index each can't prevent that an address is a client's in
-- one row and a host's in another.
CREATE TABLE addr_slots (
    gateway_id uuid NOT NULL REFERENCES gateways (id),
    pair_no    integer NOT NULL CHECK (pair_no BETWEEN 0 AND 32510),
    org_id     uuid,
    session_id uuid UNIQUE,
    free_after timestamptz NOT NULL DEFAULT '-infinity',
    epoch      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (gateway_id, pair_no),
    CHECK ((org_id IS NULL) = (session_id IS NULL)),
    -- The pair is taken before its session is written.
    FOREIGN KEY (org_id, session_id) REFERENCES sessions (org_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX addr_slots_free ON addr_slots (gateway_id, free_after, pair_no) WHERE session_id IS NULL;

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

-- Row-level security.

ALTER TABLE orgs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON orgs USING (id = (SELECT current_org()));
ALTER TABLE org_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON org_members USING (org_id = (SELECT current_org()));
ALTER TABLE hosts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON hosts USING (org_id = (SELECT current_org()));
ALTER TABLE host_certificates ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON host_certificates USING (org_id = (SELECT current_org()));
ALTER TABLE bootstrap_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON bootstrap_tokens USING (org_id = (SELECT current_org()));
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON sessions USING (org_id = (SELECT current_org()));
ALTER TABLE addr_slots ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_free ON addr_slots USING (org_id IS NULL OR org_id = (SELECT current_org()));
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON audit_heads USING (org_id = (SELECT current_org()));
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON audit_log USING (org_id = (SELECT current_org()));

-- What must be known before an organisation is: narrow functions that run as the owner. Each answers one question about one
-- key that the caller already holds, or lists ids for work that is then done organisation by organisation.

-- The organisations of one user.
CREATE FUNCTION memberships_of(the_user uuid)
    RETURNS TABLE (org_id uuid, org_name varchar, org_slug varchar, role varchar, joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT m.org_id, o.name, o.slug, m.role, m.joined_at FROM org_members m JOIN orgs o ON o.id = m.org_id
           WHERE m.user_id = the_user AND o.deleted_at IS NULL ORDER BY o.name, o.id $$;

-- The organisation of a host, if the user is a member of it.
CREATE FUNCTION org_of_host(the_user uuid, the_host uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.org_id FROM hosts h JOIN org_members m ON m.org_id = h.org_id JOIN orgs o ON o.id = h.org_id
           WHERE h.id = the_host AND h.deleted_at IS NULL AND m.user_id = the_user AND o.deleted_at IS NULL $$;

-- The organisation of a session, if the user is a member of it.
CREATE FUNCTION org_of_session(the_user uuid, the_session uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id FROM sessions s JOIN org_members m ON m.org_id = s.org_id JOIN orgs o ON o.id = s.org_id
           WHERE s.id = the_session AND m.user_id = the_user AND o.deleted_at IS NULL $$;

-- What a certificate's serial number stands for.
CREATE FUNCTION certificate_of(the_serial varchar)
    RETURNS TABLE (org_id uuid, host_id uuid, expires_at timestamptz, revoked_at timestamptz, revoke_reason varchar, gone boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT c.org_id, c.host_id, c.expires_at, c.revoked_at, c.revoke_reason, (h.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL)
            FROM host_certificates c JOIN hosts h ON h.org_id = c.org_id AND h.id = c.host_id JOIN orgs o ON o.id = c.org_id
           WHERE c.serial = the_serial $$;

-- Hosts noted as online that were last heard of before then.
CREATE FUNCTION silent_hosts(heard_before timestamptz) RETURNS TABLE (org_id uuid, host_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT h.org_id, h.id FROM hosts h
           WHERE h.status = 'ONLINE' AND COALESCE(h.last_heartbeat_at, h.updated_at) < heard_before ORDER BY h.org_id, h.id LIMIT 1000 $$;

-- Sessions past their time.
CREATE FUNCTION overdue_sessions(now_at timestamptz, active_since timestamptz) RETURNS TABLE (org_id uuid, session_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.org_id, s.id FROM sessions s
           WHERE (s.status = 'PENDING' AND s.deadline <= now_at) OR (s.status = 'ACTIVE' AND s.started_at <= active_since)
           ORDER BY s.org_id, s.id LIMIT 1000 $$;

-- The live sessions of one gateway: the full set it should know.
CREATE FUNCTION live_sessions(the_gateway uuid) RETURNS SETOF sessions
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.* FROM sessions s WHERE s.gateway_id = the_gateway AND s.status IN ('PENDING', 'ACTIVE') ORDER BY s.id $$;

-- Address pairs that a user holds at any gateway: one machine must not see one address twice.
CREATE FUNCTION pairs_of_user(the_user uuid) RETURNS TABLE (pair_no integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = nvremote, pg_temp
    AS $$ SELECT s.pair_no FROM sessions s WHERE s.user_id = the_user AND s.status IN ('PENDING', 'ACTIVE') $$;
