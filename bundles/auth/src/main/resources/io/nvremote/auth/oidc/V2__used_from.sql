-- Where a sign-in was used from when this token was made, for its user to see.
ALTER TABLE refresh_tokens
    ADD address inet,
    ADD agent   varchar(200);
