-- What people change of themselves. A name that was chosen is not overwritten by what the identity provider says.
ALTER TABLE users ADD COLUMN name_chosen boolean NOT NULL DEFAULT false;
ALTER TABLE users ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}';
