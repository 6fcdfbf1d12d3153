// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.answers;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.keys.SharedKeys;
import io.nvremote.lib.tasks.PeriodicTask;
import io.nvremote.rest.KeptAnswers;
import io.nvremote.rest.RestError;
import io.nvremote.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Keeps answers as rows, for all processes of the control plane. The database's clock decides what is old. */
@Component
public final class PostgresAnswers implements KeptAnswers {

    /** Of one caller, as many are remembered: two each minute of the day. */
    static final int MOST = 3_000;

    static final String KEY = "kept-answers.key";

    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final int AT_ONCE = 5_000;

    private final Store store;
    private final SharedKeys keys;
    private @Nullable Seal seal;
    private final PeriodicTask sweeping;

    @Activate
    public PostgresAnswers(@Reference Store store, @Reference SharedKeys keys) {
        this.store = store;
        this.keys = keys;
        sweeping = PeriodicTask.every(SWEEP, "rest-answers", this::sweep);
    }

    @Deactivate
    void stop() {
        sweeping.close();
    }

    /** Not before it is asked for: while the key can't be had, on a full disk, whatever has no Idempotency-Key is served. */
    private synchronized Seal seal() {
        Seal known = seal;
        if (known == null) {
            known = new Seal(keys.random(KEY, Seal.KEY_LENGTH));
            seal = known;
        }
        return known;
    }

    /** How far a request came. */
    private record Row(boolean same, boolean answered, boolean lost, Optional<Answer> answer) {}

    /** Hashes, in hexadecimal. */
    private record Name(String caller, String key, String request) {

        static Name of(Keyed asked) {
            return new Name(hash(asked.caller()), hash(asked.key()), hash(asked.request()));
        }

        /** What an answer of this row is sealed for. */
        byte[] row() {
            return (caller + key + request).getBytes(StandardCharsets.US_ASCII);
        }
    }

    @Override
    public @Nullable Answer begin(Keyed asked) {
        Name name = Name.of(asked);
        Seal sealing = seal(); // what can't be kept is not begun
        Optional<Row> before = store.global(connection -> {
            forget(connection, name);
            return insert(connection, name) ? Optional.empty() : Optional.of(find(connection, name, sealing));
        });
        if (before.isEmpty()) {
            return null;
        }
        Row row = before.get();
        if (!row.same()) {
            throw new StreamException(RestError.IDEMPOTENCY_KEY_REUSED, "the key was used for another request");
        }
        if (!row.answered() && !row.lost()) {
            throw new StreamException(RestError.IDEMPOTENCY_KEY_IN_FLIGHT, "the same request is being done");
        }
        if (asked.repeatable()) {
            return null;
        }
        return row.answer()
                .orElseThrow(() -> new StreamException(
                        RestError.IDEMPOTENCY_OUTCOME_UNKNOWN,
                        row.answered()
                                ? "the answer can't be read any more: the key that it was sealed with is another"
                                : "the process that did it ended before it had answered"));
    }

    @Override
    public void keep(Keyed asked, Answer answer) {
        Name name = Name.of(asked);
        byte[] sealed = asked.repeatable() ? null : seal().seal(name.row(), answer);
        store.global(connection -> {
            try (PreparedStatement update = connection.prepareStatement("""
                    UPDATE kept_answers SET answered_at = now(), sealed = ?
                     WHERE caller = ? AND key_hash = ? AND request = ? AND answered_at IS NULL""")) {
                update.setBytes(1, sealed);
                name(update, 2, name);
                update.setString(4, name.request());
                return update.executeUpdate();
            }
        });
    }

    @Override
    public void release(Keyed asked) {
        Name name = Name.of(asked);
        store.global(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("""
                    DELETE FROM kept_answers
                     WHERE caller = ? AND key_hash = ? AND request = ? AND answered_at IS NULL""")) {
                name(delete, 1, name);
                delete.setString(3, name.request());
                return delete.executeUpdate();
            }
        });
    }

    /** Forgets what is old; so many rows at a time that nobody waits for it. */
    void sweep() {
        store.global(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("""
                    DELETE FROM kept_answers WHERE ctid = ANY (ARRAY(
                        SELECT ctid FROM kept_answers WHERE begun_at < now() - make_interval(secs => ?)
                         ORDER BY begun_at LIMIT ? FOR UPDATE SKIP LOCKED))""")) {
                delete.setDouble(1, (double) KEPT.toSeconds());
                delete.setInt(2, AT_ONCE);
                return delete.executeUpdate();
            }
        });
    }

    /** The row of this name, if it is old and not swept yet. */
    private static void forget(Connection connection, Name name) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("""
                DELETE FROM kept_answers
                 WHERE caller = ? AND key_hash = ? AND begun_at < now() - make_interval(secs => ?)""")) {
            name(delete, 1, name);
            delete.setDouble(3, (double) KEPT.toSeconds());
            delete.executeUpdate();
        }
    }

    /** Whether nobody has a row of this name. Waits for somebody who is just making it. */
    private static boolean insert(Connection connection, Name name) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO kept_answers (caller, key_hash, request) VALUES (?, ?, ?)
                ON CONFLICT (caller, key_hash) DO NOTHING""")) {
            name(insert, 1, name);
            insert.setString(3, name.request());
            if (insert.executeUpdate() == 0) {
                return false;
            }
        }
        try (PreparedStatement count = connection.prepareStatement(
                "SELECT count(*) FROM (SELECT 1 FROM kept_answers WHERE caller = ? LIMIT ?) few")) {
            count.setString(1, name.caller());
            count.setInt(2, MOST + 1);
            try (ResultSet rows = count.executeQuery()) {
                rows.next();
                if (rows.getInt(1) > MOST) {
                    throw new StreamException(
                            RestError.IDEMPOTENCY_KEYS_EXHAUSTED, MOST + " keys were used within a day");
                }
            }
        }
        return true;
    }

    private static Row find(Connection connection, Name name, Seal sealing) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT request = ? AS same, answered_at IS NOT NULL AS answered, sealed,
                       begun_at < now() - make_interval(secs => ?) AS lost
                  FROM kept_answers WHERE caller = ? AND key_hash = ?""")) {
            select.setString(1, name.request());
            select.setDouble(2, (double) LONGEST.toSeconds());
            name(select, 3, name);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return new Row(true, false, false, Optional.empty()); // released meanwhile: free at the next try
                }
                return new Row(
                        rows.getBoolean("same"),
                        rows.getBoolean("answered"),
                        rows.getBoolean("lost"),
                        Optional.ofNullable(rows.getBytes("sealed")).flatMap(bytes -> sealing.open(name.row(), bytes)));
            }
        }
    }

    private static void name(PreparedStatement statement, int at, Name name) throws SQLException {
        statement.setString(at, name.caller());
        statement.setString(at + 1, name.key());
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new StreamException(CoreError.INTERNAL, "every JDK has SHA-256", e);
        }
    }
}
