// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.core.Actor;
import io.nvremote.core.StreamException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a record's hash is made of, and the record as a line of a file. Pure functions. */
public final class ChainRecords {

    /** Stands for the hash before the first record. */
    public static final String GENESIS = "0".repeat(64);

    static final String PREVIOUS = "prev_hash";
    static final String HASH = "hash";

    private ChainRecords() {}

    /** All of a record that its hash is made of, beside the hash before it. */
    public static CanonicalJson content(long sequence, Instant at, AuditEvent event) {
        Actor actor = event.actor();
        return new CanonicalJson()
                .text("org_id", event.org())
                .number("seq", sequence)
                .text("at", at)
                .text("event_type", event.type().name())
                .text("actor_type", actor.kind().name())
                .text("actor_id", actor.id())
                .text("actor_email", actor.email())
                .text("actor_ip", address(actor))
                .text("actor_agent", actor.agent())
                .text("outcome", event.outcome().name())
                .text("resource_type", event.resourceType())
                .text("resource_id", event.resourceId())
                .text("session_id", event.session())
                .object("context", event.context());
    }

    /** A record as one line, without its end: canonical JSON of its content and its two hashes. */
    public static String line(AuditRecord row) {
        return content(row.sequence(), row.at(), row.event())
                .text(PREVIOUS, row.previousHash())
                .text(HASH, row.hash())
                .toString();
    }

    /**
     * SHA-256 of the hash before and the content.
     *
     * @param previous 64 hexadecimal digits
     * @return 64 hexadecimal digits in small letters
     */
    public static String hash(String previous, CanonicalJson content) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(previous));
        return HexFormat.of().formatHex(digest.digest(content.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The actor's address without a host name and without the scope, which mean nothing elsewhere. */
    public static @Nullable String address(Actor actor) {
        InetAddress address = actor.address();
        if (address == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(address.getAddress()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new StreamException(AuditError.EVENT_REFUSED, "an address of odd length", e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new StreamException(AuditError.EVENT_REFUSED, "the JDK lacks SHA-256", e);
        }
    }
}
