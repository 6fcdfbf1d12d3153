-- Who was invited to become a member, by an address that the identity provider vouches for.
CREATE TABLE invitations (
    org_id     uuid NOT NULL REFERENCES orgs (id),
    id         uuid NOT NULL UNIQUE,
    email      varchar(320) NOT NULL CHECK (email = lower(email)),
    role       varchar(16) NOT NULL CHECK (role IN ('ADMIN', 'MEMBER', 'GUEST')),
    invited_by uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    state      varchar(16) NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'REVOKED', 'REPLACED')),
    ended_at   timestamptz,
    ended_by   uuid REFERENCES users (id) ON DELETE SET NULL,
    PRIMARY KEY (org_id, id),
    CHECK ((state = 'OPEN') = (ended_at IS NULL))
);
-- One open invitation for an address in an organisation; and those of an address, for who shows it.
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email) WHERE state = 'OPEN';
CREATE INDEX invitations_email ON invitations (email) WHERE state = 'OPEN';

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_org ON invitations USING (org_id = (SELECT current_org()));
