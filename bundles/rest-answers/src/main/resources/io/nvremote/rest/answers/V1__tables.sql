-- Requests that named themselves by a key: who asked with which key, what was asked, and how it was answered. All four are hashes or
-- sealed under a key that is not in the database: a copy of the table has no secret.
CREATE TABLE kept_answers (
    caller      varchar(64) NOT NULL CHECK (caller ~ '^[0-9a-f]{64}$'),
    key_hash    varchar(64) NOT NULL CHECK (key_hash ~ '^[0-9a-f]{64}$'),
    request     varchar(64) NOT NULL CHECK (request ~ '^[0-9a-f]{64}$'),
    begun_at    timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    sealed      bytea,
    PRIMARY KEY (caller, key_hash),
    CHECK (sealed IS NULL OR answered_at IS NOT NULL)
);
CREATE INDEX kept_answers_begun ON kept_answers (begun_at);
