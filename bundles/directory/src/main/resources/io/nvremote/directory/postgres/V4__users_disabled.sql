-- Since when a person may not sign in. Memberships stay, and count for nothing meanwhile.
ALTER TABLE users ADD COLUMN disabled_at timestamptz;
