// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StunMessageTest {

    /** RFC 5769 section 2.1. */
    private static final byte[] SAMPLE_REQUEST = hex("000100582112a442b7e7a701bc34d686fa87dfae"
            + "802200105354554e207465737420636c69656e74"
            + "002400046e0001ff"
            + "80290008932ff9b151263b36"
            + "000600096576746a3a68367659202020"
            + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
            + "80280004e57a3bcf");
    /** RFC 5769 section 2.2. */
    private static final byte[] SAMPLE_IPV4 = hex("0101003c2112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220"
            + "002000080001a147e112a643"
            + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
            + "80280004c07d4c96");
    /** RFC 5769 section 2.3. */
    private static final byte[] SAMPLE_IPV6 = hex("010100482112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220"
            + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
            + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
            + "80280004c8fb0b4c");

    private static final StunKey SAMPLE_KEY = StunKey.of("VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII));
    private static final StunKey KEY = StunKey.of(new byte[32]);
    private static final InetSocketAddress IPV4 = new InetSocketAddress("192.0.2.1", 32853);
    private static final InetSocketAddress IPV6 = new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static StunMessage parsed(byte[] bytes) {
        return StunMessage.parse(ByteBuffer.wrap(bytes)).orElseThrow();
    }

    @Test
    void the_sample_request_of_rfc_5769_is_read_and_verified() {
        StunMessage message = parsed(SAMPLE_REQUEST);

        assertThat(message.kind()).isEqualTo(StunMessage.Kind.REQUEST);
        assertThat(message.username()).contains("evtj:h6vY");
        assertThat(message.transaction()).isEqualTo(new StunTransaction(0xb7e7a701, 0xbc34d686fa87dfaeL));
        assertThat(message.verify(SAMPLE_KEY)).isTrue();
        assertThat(message.verify(KEY)).isFalse();
    }

    @Test
    void the_sample_answers_of_rfc_5769_are_read_and_verified() {
        assertThat(parsed(SAMPLE_IPV4).mappedAddress()).contains(IPV4);
        assertThat(parsed(SAMPLE_IPV4).verify(SAMPLE_KEY)).isTrue();
        assertThat(parsed(SAMPLE_IPV6).mappedAddress()).contains(IPV6);
        assertThat(parsed(SAMPLE_IPV6).verify(SAMPLE_KEY)).isTrue();
    }

    @Test
    void what_is_written_can_be_read() {
        StunTransaction transaction = StunTransaction.next();
        RelayUser user = new RelayUser(SessionId.next(), RelayRole.HOST);

        StunMessage request = parsed(StunMessage.bindingRequest(transaction, user.toString(), KEY));
        assertThat(request.transaction()).isEqualTo(transaction);
        assertThat(request.username().flatMap(RelayUser::of)).contains(user);
        assertThat(request.verify(KEY)).isTrue();

        for (InetSocketAddress address : new InetSocketAddress[] {IPV4, IPV6}) {
            StunMessage answer = parsed(StunMessage.bindingSuccess(transaction, address, KEY));
            assertThat(answer.kind()).isEqualTo(StunMessage.Kind.SUCCESS);
            assertThat(answer.mappedAddress()).contains(address);
            assertThat(answer.verify(KEY)).isTrue();
            assertThat(answer.length()).isLessThanOrEqualTo(request.length());
        }
        assertThat(parsed(StunMessage.bindingError(transaction, 401)).errorCode())
                .hasValue(401);
    }

    @Test
    void a_plain_request_is_as_long_as_its_longest_answer() {
        StunTransaction transaction = StunTransaction.next();
        StunMessage request = parsed(StunMessage.bindingRequest(transaction));

        assertThat(request.signed()).isFalse();
        assertThat(request.verify(KEY)).isFalse();
        assertThat(StunMessage.bindingSuccess(transaction, IPV6)).hasSize(request.length());
    }

    @Test
    void one_flipped_bit_is_noticed() {
        byte[] good = StunMessage.bindingRequest(StunTransaction.next(), "user", KEY);
        int covered = good.length - 8; // FINGERPRINT comes after what MESSAGE-INTEGRITY covers
        for (int bit = 0; bit < covered * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(StunMessage.parse(ByteBuffer.wrap(bad)).filter(m -> m.verify(KEY)))
                    .as("bit %d", bit)
                    .isEmpty();
        }
    }

    @Test
    void cut_and_random_input_is_refused_without_an_exception() {
        for (int length = 0; length < SAMPLE_REQUEST.length; length++) {
            assertThat(StunMessage.parse(ByteBuffer.wrap(SAMPLE_REQUEST, 0, length)))
                    .isEmpty();
        }
        Random random = new Random(8489);
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[20 + 4 * random.nextInt(20)];
            random.nextBytes(noise);
            ByteBuffer.wrap(noise)
                    .putShort((short) 1)
                    .putShort((short) (noise.length - 20))
                    .putInt(StunMessage.COOKIE);
            if (noise.length >= 24 && random.nextBoolean()) {
                int[] types = {6, 8, 9, 0x20, 0x8022, 0x8028};
                ByteBuffer.wrap(noise, 20, 4)
                        .putShort((short) types[random.nextInt(6)])
                        .putShort((short) random.nextInt(40));
            }
            assertThat(StunMessage.parse(ByteBuffer.wrap(noise)).filter(m -> m.verify(KEY)))
                    .isEmpty();
        }
    }

    @Test
    void an_unknown_required_attribute_is_refused_and_an_optional_one_ignored() {
        byte[] message = StunMessage.bindingRequest(StunTransaction.next());
        assertThat(StunMessage.parse(ByteBuffer.wrap(message))).isPresent();
        message[20] = 0x00;
        assertThat(StunMessage.parse(ByteBuffer.wrap(message))).isEmpty();
    }

    @Test
    void more_attributes_than_the_limit_are_refused() {
        ByteBuffer many = ByteBuffer.allocate(20 + 17 * 4);
        many.putShort((short) 1)
                .putShort((short) (17 * 4))
                .putInt(StunMessage.COOKIE)
                .position(20);
        while (many.hasRemaining()) {
            many.putShort((short) 0x8022).putShort((short) 0);
        }
        assertThat(StunMessage.parse(many.flip())).isEmpty();
    }

    @Test
    void an_attribute_behind_the_integrity_is_ignored() {
        byte[] signed = StunMessage.bindingRequest(StunTransaction.next(), "user", KEY);
        // In place of FINGERPRINT: a second XOR-MAPPED-ADDRESS would be 12 bytes, so a short ERROR-CODE of 4 stands in.
        ByteBuffer.wrap(signed, signed.length - 8, 8)
                .putShort((short) 9)
                .putShort((short) 4)
                .putInt(0x00000401);
        StunMessage message = parsed(signed);
        assertThat(message.errorCode()).isEmpty();
        assertThat(message.verify(KEY)).isTrue();
    }

    @Test
    void wireguard_is_never_taken_for_stun() {
        for (int type = 1; type <= 4; type++) {
            byte[] datagram = new byte[148];
            datagram[0] = (byte) type;
            assertThat(StunMessage.looksLikeStun(ByteBuffer.wrap(datagram))).isFalse();
        }
        // A WireGuard sender index that happens to be the cookie must not be enough either.
        byte[] unlucky = new byte[148];
        unlucky[0] = 4;
        ByteBuffer.wrap(unlucky).putInt(4, StunMessage.COOKIE);
        assertThat(StunMessage.parse(ByteBuffer.wrap(unlucky))).isEmpty();
    }

    @Test
    void looking_leaves_the_buffer_alone() {
        ByteBuffer buffer =
                ByteBuffer.allocate(200).position(7).put(SAMPLE_REQUEST).flip().position(7);
        assertThat(StunMessage.looksLikeStun(buffer)).isTrue();
        assertThat(StunMessage.parse(buffer)).isPresent();
        assertThat(buffer.position()).isEqualTo(7);
        assertThat(buffer.remaining()).isEqualTo(SAMPLE_REQUEST.length);
    }

    @Test
    void a_user_name_is_a_canonical_id_and_a_role() {
        SessionId id = SessionId.next();
        assertThat(RelayUser.of(id + ":client")).contains(new RelayUser(id, RelayRole.CLIENT));
        for (String bad : Arrays.asList(
                "",
                ":",
                id + ":",
                id + ":probe",
                id + ":CLIENT",
                id + "client",
                "1-2-3-4-5:client",
                id.toString().toUpperCase(Locale.ROOT) + ":client",
                id + ":client ")) {
            assertThat(RelayUser.of(bad)).as(bad).isEmpty();
        }
    }

    @Test
    void a_ticket_is_base64_of_16_to_64_bytes_and_never_shown() {
        Secret ticket = new Secret(Base64.getEncoder().encodeToString(new byte[32]));
        assertThat(StunKey.ofTicket(ticket)).isEqualTo(KEY).hasToString("***");
        for (String bad :
                new String[] {"", "AAAA", "no base64!", Base64.getEncoder().encodeToString(new byte[65])}) {
            assertThatThrownBy(() -> StunKey.ofTicket(new Secret(bad)))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.BAD_TICKET))
                    .hasNoCause();
        }
    }
}
