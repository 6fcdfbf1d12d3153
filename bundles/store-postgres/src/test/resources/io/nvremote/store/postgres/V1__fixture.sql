-- Tables like those of the providers, for the tests of the store alone.

CREATE TABLE orgs (
    id   uuid PRIMARY KEY,
    name varchar(255) NOT NULL CHECK (name <> ''),
    slug varchar(63) NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]*[a-z0-9]$')
);

CREATE TABLE hosts (
    org_id        uuid NOT NULL REFERENCES orgs (id),
    id            uuid NOT NULL UNIQUE,
    hostname      varchar(255) NOT NULL CHECK (hostname <> ''),
    status        varchar(16) NOT NULL DEFAULT 'OFFLINE' CHECK (status IN ('ONLINE', 'OFFLINE')),
    max_sessions  integer NOT NULL DEFAULT 1,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id)
);

ALTER TABLE orgs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON orgs USING (id = (SELECT current_org()));
ALTER TABLE hosts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON hosts USING (org_id = (SELECT current_org()));
