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
