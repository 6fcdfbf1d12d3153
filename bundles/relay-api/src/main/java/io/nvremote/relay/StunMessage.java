// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One STUN binding message (RFC 8489), read or about to be sent. Only what the project needs: binding request, success
 * and error; USERNAME, MESSAGE-INTEGRITY (HMAC-SHA1), XOR-MAPPED-ADDRESS, ERROR-CODE, SOFTWARE, FINGERPRINT.
 *
 * <p>Reading is strict and bounded: {@link #parse} returns empty, without throwing, for anything that is not exactly such
 * a message, including one with an attribute that a receiver must understand and this class does not. Immutable, safe
 * for any thread.
 */
public final class StunMessage {

    /** What kind of binding message. */
    public enum Kind {
        REQUEST(0x0001),
        SUCCESS(0x0101),
        ERROR(0x0111);

        private final int wire;

        Kind(int wire) {
            this.wire = wire;
        }
    }

    /** A message of up to this (bytes) fits the smallest path that IPv6 allows. */
    public static final int BASE_LENGTH = 1232;

    /** No message is longer than this (bytes): what an Ethernet carries over IPv4. Only probes of size are so long. */
    public static final int MAX_LENGTH = 1472;

    static final int COOKIE = 0x2112A442;
    private static final int HEADER = 20;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int USERNAME = 0x0006;
    private static final int INTEGRITY = 0x0008;
    private static final int ERROR_CODE = 0x0009;
    private static final int XOR_MAPPED = 0x0020;
    /** What ICE adds to a check (RFC 8445 section 16.1): understood, and without meaning here. */
    private static final int ICE_PRIORITY = 0x0024;

    private static final int ICE_USE_CANDIDATE = 0x0025;
    private static final int SOFTWARE = 0x8022;
    private static final int FINGERPRINT = 0x8028;
    /** Attributes below this must be understood or the message must not be acted on (section 14). */
    private static final int OPTIONAL_FROM = 0x8000;

    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_USERNAME = 508;
    private static final int PADDING_ATTRIBUTE = 0x0026;
    private static final int FINGERPRINT_XOR = 0x5354554E;
    private static final int TAG = ATTRIBUTE_HEADER + StunKey.TAG_LENGTH;
    private static final int PRINT = ATTRIBUTE_HEADER + 4;
    /** Twenty characters make a plain request as long as the longest answer to it: an IPv6 address. */
    private static final String PADDING = "nvremote relay probe";

    private final Kind kind;
    private final StunTransaction transaction;
    private @Nullable String username;
    private @Nullable InetSocketAddress mapped;
    private int error = -1;
    private int integrityAt = -1;
    private final byte[] raw;

    private StunMessage(Kind kind, StunTransaction transaction, byte[] raw) {
        this.kind = kind;
        this.transaction = transaction;
        this.raw = raw;
    }

    /**
     * Whether the remaining bytes may be STUN: the two zero bits and the magic cookie of section 5. Never true for
     * WireGuard, whose first four bytes are a number from 1 to 4 in little-endian order. Leaves the position alone.
     */
    public static boolean looksLikeStun(ByteBuffer datagram) {
        int at = datagram.position();
        return datagram.remaining() >= HEADER
                && (datagram.get(at) & 0xC0) == 0
                && (datagram.get(at + 4) & 0xFF) == 0x21
                && (datagram.get(at + 5) & 0xFF) == 0x12
                && (datagram.get(at + 6) & 0xFF) == 0xA4
                && (datagram.get(at + 7) & 0xFF) == 0x42;
    }

    /** Reads the remaining bytes as one message; empty if they are not. Leaves the position alone and copies the bytes. */
    public static Optional<StunMessage> parse(ByteBuffer datagram) {
        if (!looksLikeStun(datagram) || datagram.remaining() > MAX_LENGTH || datagram.remaining() % 4 != 0) {
            return Optional.empty();
        }
        byte[] raw = new byte[datagram.remaining()];
        datagram.get(datagram.position(), raw);
        ByteBuffer in = ByteBuffer.wrap(raw);
        int type = in.getShort() & 0xFFFF;
        int length = in.getShort() & 0xFFFF;
        in.getInt();
        for (Kind kind : Kind.values()) {
            if (kind.wire == type && length == raw.length - HEADER) {
                StunMessage message = new StunMessage(kind, StunTransaction.read(in), raw);
                return message.attributes(in) ? Optional.of(message) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean attributes(ByteBuffer in) {
        for (int count = 0; in.hasRemaining(); count++) {
            if (count == MAX_ATTRIBUTES || in.remaining() < ATTRIBUTE_HEADER) {
                return false;
            }
            int at = in.position();
            int type = in.getShort() & 0xFFFF;
            int length = in.getShort() & 0xFFFF;
            int padded = (length + 3) & ~3;
            if (padded > in.remaining() || !attribute(type, at, in.slice(in.position(), length))) {
                return false;
            }
            in.position(in.position() + padded);
        }
        return true;
    }

    /** Takes one attribute in; false if the message must not be used. The first of a kind counts (section 14). */
    private boolean attribute(int type, int at, ByteBuffer value) {
        if (type == FINGERPRINT) {
            return fingerprint(at, value);
        }
        if (integrityAt >= 0) {
            return true; // what follows MESSAGE-INTEGRITY is not covered by it and is ignored (section 14.5)
        }
        return switch (type) {
            case USERNAME -> username != null || username(value);
            case XOR_MAPPED -> mapped != null || mapped(value);
            case ERROR_CODE -> error >= 0 || error(value);
            case INTEGRITY -> {
                integrityAt = at;
                yield value.remaining() == StunKey.TAG_LENGTH;
            }
            case ICE_PRIORITY, ICE_USE_CANDIDATE, PADDING_ATTRIBUTE -> true;
            default -> type >= OPTIONAL_FROM;
        };
    }

    private boolean username(ByteBuffer value) {
        if (value.remaining() > MAX_USERNAME) {
            return false;
        }
        try {
            username = StandardCharsets.UTF_8.newDecoder().decode(value).toString();
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private boolean mapped(ByteBuffer value) {
        if (value.remaining() != 8 && value.remaining() != 20) {
            return false;
        }
        value.get();
        int family = value.get();
        int port = (value.getShort() & 0xFFFF) ^ (COOKIE >>> 16);
        if ((family != 1 || value.remaining() != 4) && (family != 2 || value.remaining() != 16)) {
            return false;
        }
        byte[] address = new byte[value.remaining()];
        value.get(address);
        mask(address, transaction);
        try {
            mapped = new InetSocketAddress(InetAddress.getByAddress(address), port);
            return true;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are always an address", e);
        }
    }

    private static void mask(byte[] address, StunTransaction transaction) {
        ByteBuffer mask = ByteBuffer.allocate(16).putInt(COOKIE);
        transaction.write(mask);
        for (int i = 0; i < address.length; i++) {
            address[i] ^= mask.get(i);
        }
    }

    private boolean error(ByteBuffer value) {
        if (value.remaining() < 4) {
            return false;
        }
        int hundreds = value.get(2) & 0x07;
        int rest = value.get(3) & 0xFF;
        error = hundreds * 100 + rest;
        return hundreds >= 3 && hundreds <= 6 && rest < 100;
    }

    private boolean fingerprint(int at, ByteBuffer value) {
        return value.remaining() == 4 && at + PRINT == raw.length && value.getInt() == fingerprint(raw, at);
    }

    private static int fingerprint(byte[] message, int length) {
        CRC32 crc = new CRC32();
        crc.update(message, 0, length);
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    /** Request, success or error. */
    public Kind kind() {
        return kind;
    }

    /** The id that ties request and answer together. */
    public StunTransaction transaction() {
        return transaction;
    }

    /** USERNAME, if there is one. Not proven by anything until {@link #verify} returned true. */
    public Optional<String> username() {
        return Optional.ofNullable(username);
    }

    /** XOR-MAPPED-ADDRESS, if there is one: the sender of the request as the server saw it. */
    public Optional<InetSocketAddress> mappedAddress() {
        return Optional.ofNullable(mapped);
    }

    /** The number of ERROR-CODE (300 to 699), if there is one. */
    public OptionalInt errorCode() {
        return error < 0 ? OptionalInt.empty() : OptionalInt.of(error);
    }

    /** Whether there is a MESSAGE-INTEGRITY attribute; {@link #verify} says whether it is right. */
    public boolean signed() {
        return integrityAt >= 0;
    }

    /** Length of the message in bytes. */
    public int length() {
        return raw.length;
    }

    /** Whether MESSAGE-INTEGRITY is there and made with this key. Compares in constant time. */
    public boolean verify(StunKey key) {
        if (integrityAt < 0) {
            return false;
        }
        byte[] tag = new byte[StunKey.TAG_LENGTH];
        System.arraycopy(raw, integrityAt + ATTRIBUTE_HEADER, tag, 0, tag.length);
        return MessageDigest.isEqual(tag, integrity(raw, integrityAt, key));
    }

    /** The tag over what precedes it, with the header's length reaching to its end (section 14.5). */
    private static byte[] integrity(byte[] message, int at, StunKey key) {
        ByteBuffer head = ByteBuffer.allocate(4);
        head.put(message, 0, 2).putShort((short) (at + TAG - HEADER)).flip();
        return key.tag(head, ByteBuffer.wrap(message, 4, at - 4));
    }

    /**
     * A plain binding request: asks a server for one's own address. As long as its longest answer, so that a server
     * which never sends more than it was sent can answer it.
     */
    public static byte[] bindingRequest(StunTransaction transaction) {
        byte[] software = PADDING.getBytes(StandardCharsets.US_ASCII);
        return new StunWriter(Kind.REQUEST.wire, transaction, ATTRIBUTE_HEADER + software.length)
                .attribute(SOFTWARE, software)
                .bytes();
    }

    /** A binding request signed with a ticket or another shared key, with FINGERPRINT. */
    public static byte[] bindingRequest(StunTransaction transaction, String username, StunKey key) {
        return bindingRequest(transaction, username, key, 0);
    }

    /** The same, made at least so long by a PADDING attribute (RFC 5780 section 7.6), of {@link #MAX_LENGTH} at most. */
    public static byte[] bindingRequest(StunTransaction transaction, String username, StunKey key, int length) {
        byte[] name = username.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > MAX_USERNAME) {
            throw new IllegalArgumentException("a user name is 1 to " + MAX_USERNAME + " bytes: " + name.length);
        }
        int needed = ATTRIBUTE_HEADER + (name.length + 3 & ~3) + TAG + PRINT;
        byte[] padding = padding(needed, length);
        StunWriter out = new StunWriter(Kind.REQUEST.wire, transaction, needed + occupied(padding));
        out.attribute(USERNAME, name);
        pad(out, padding);
        out.attribute(INTEGRITY, integrity(out.bytes(), out.length(), key));
        out.attribute(
                FINGERPRINT,
                ByteBuffer.wrap(new byte[4])
                        .putInt(fingerprint(out.bytes(), out.length()))
                        .array());
        return out.bytes();
    }

    /** The answer to a plain request. */
    public static byte[] bindingSuccess(StunTransaction transaction, InetSocketAddress mapped) {
        byte[] value = mapped(transaction, mapped);
        return new StunWriter(Kind.SUCCESS.wire, transaction, ATTRIBUTE_HEADER + value.length)
                .attribute(XOR_MAPPED, value)
                .bytes();
    }

    /** The answer to a signed request, signed with the same key. */
    public static byte[] bindingSuccess(StunTransaction transaction, InetSocketAddress mapped, StunKey key) {
        return bindingSuccess(transaction, mapped, key, 0);
    }

    /** The same, made at least so long as {@link #bindingRequest(StunTransaction, String, StunKey, int)} is. */
    public static byte[] bindingSuccess(
            StunTransaction transaction, InetSocketAddress mapped, StunKey key, int length) {
        byte[] value = mapped(transaction, mapped);
        byte[] padding = padding(ATTRIBUTE_HEADER + value.length + TAG, length);
        StunWriter out = new StunWriter(
                Kind.SUCCESS.wire, transaction, ATTRIBUTE_HEADER + value.length + TAG + occupied(padding));
        out.attribute(XOR_MAPPED, value);
        pad(out, padding);
        return out.attribute(INTEGRITY, integrity(out.bytes(), out.length(), key))
                .bytes();
    }

    /** A refusal with a code from 300 to 699 and no reason phrase. */
    public static byte[] bindingError(StunTransaction transaction, int code) {
        if (code < 300 || code > 699) {
            throw new IllegalArgumentException("a STUN error is 300 to 699: " + code);
        }
        return new StunWriter(Kind.ERROR.wire, transaction, ATTRIBUTE_HEADER + 4)
                .attribute(ERROR_CODE, new byte[] {0, 0, (byte) (code / 100), (byte) (code % 100)})
                .bytes();
    }

    /** What brings attributes of so many bytes to a message of that length. */
    private static byte[] padding(int attributes, int length) {
        if (length > MAX_LENGTH || length % 4 != 0) {
            throw new IllegalArgumentException("a message is at most " + MAX_LENGTH + ", in fours: " + length);
        }
        return new byte[Math.max(0, length - HEADER - attributes - ATTRIBUTE_HEADER)];
    }

    private static int occupied(byte[] padding) {
        return padding.length == 0 ? 0 : ATTRIBUTE_HEADER + padding.length;
    }

    private static void pad(StunWriter out, byte[] padding) {
        if (padding.length > 0) {
            out.attribute(PADDING_ATTRIBUTE, padding);
        }
    }

    private static byte[] mapped(StunTransaction transaction, InetSocketAddress mapped) {
        byte[] address = mapped.getAddress().getAddress();
        mask(address, transaction);
        byte[] value = new byte[4 + address.length];
        ByteBuffer.wrap(value)
                .putShort((short) (address.length == 4 ? 1 : 2))
                .putShort((short) (mapped.getPort() ^ (COOKIE >>> 16)))
                .put(address);
        return value;
    }
}
