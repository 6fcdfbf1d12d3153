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
    -- The sign-in that it was made with: when that ends, the session does.
    sign_in_id         uuid,
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

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON sessions USING (org_id = (SELECT current_org()));
ALTER TABLE addr_slots ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_free ON addr_slots USING (org_id IS NULL OR org_id = (SELECT current_org()));
