-- A token may be for a machine of one name, or of one network; and it can be taken back.
ALTER TABLE bootstrap_tokens
    ADD hostname   varchar(255),
    ADD network    cidr,
    ADD revoked_at timestamptz,
    ADD revoked_by uuid REFERENCES users (id) ON DELETE SET NULL,
    ADD CHECK (revoked_at IS NULL OR used_at IS NULL);
