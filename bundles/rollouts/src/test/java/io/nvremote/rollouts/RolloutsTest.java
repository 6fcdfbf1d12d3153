// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostStatus;
import io.nvremote.presence.Audience;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.Signal.BundleState;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten hosts that answer as each test has it; the whole with a real host is in {@code tests/swap}. */
class RolloutsTest {

    private static final OrgId ORG = OrgId.next();
    private static final Duration SOAK = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final List<Host> hosts = new ArrayList<>();
    /** Epoch of each host's connection; who is missing is away. */
    private final Map<HostId, Long> connected = new LinkedHashMap<>();

    private final List<String> said = new ArrayList<>();
    private final List<Signal.BundlePart> parts = new ArrayList<>();
    private final List<AuditEvent> audited = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Rollouts rollouts;
    private final byte[] content = new byte[3 * Signal.BundlePart.PART_BYTES / 2];

    @BeforeEach
    void prepare() throws IOException {
        for (int i = 0; i < 10; i++) {
            HostId id = HostId.next();
            hosts.add(new Host(
                    id, ORG, "h" + i, null, HostStatus.ONLINE, Map.of(), Map.of(), null, 1, null, null, null, now));
            connected.put(id, 1L);
        }
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        restart();
    }

    private void restart() throws IOException {
        rollouts = new Rollouts(
                new RolloutBook(folder),
                fake(Directory.class, (method, arguments) -> hosts),
                fake(Presence.class, (method, arguments) -> switch (method) {
                    case "host" -> lease((HostId) arguments[0]);
                    default -> sent((Audience.Host) arguments[0], (Signal) arguments[1]);
                }),
                fake(AuditTrail.class, (method, arguments) -> audited.add((AuditEvent) arguments[0])),
                new RolloutsSettings(folder, SOAK, PATIENCE),
                new Clock() {
                    @Override
                    public Instant instant() {
                        return now;
                    }

                    @Override
                    public long nanos() {
                        return 0;
                    }

                    @Override
                    public void sleep(Duration time) {
                        throw new IllegalStateException("nobody waits here");
                    }
                });
    }

    private interface Answer {
        Object of(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, a) -> {
            Object result = answer.of(method.getName(), a);
            return method.getReturnType() == void.class ? null : result;
        }));
    }

    private Optional<Lease> lease(HostId host) {
        return Optional.ofNullable(connected.get(host))
                .map(epoch -> new Lease(epoch, "s" + epoch, holder(host), new InetSocketAddress(0)));
    }

    private static Holder.Host holder(HostId host) {
        return new Holder.Host(ORG, host, BigInteger.ONE);
    }

    private boolean sent(Audience.Host to, Signal signal) {
        switch (signal) {
            case Signal.BundleOffer offer -> said.add(name(to.host()));
            case Signal.BundlePart part -> parts.add(part);
            default -> throw new AssertionError("said " + signal);
        }
        return true;
    }

    private String name(HostId host) {
        return hosts.stream()
                .filter(each -> each.id().equals(host))
                .findFirst()
                .orElseThrow()
                .hostname();
    }

    private BundleJar jar() {
        return new BundleJar("a.bundle", "2.0.0", "ab".repeat(32), ByteBuffer.wrap(content));
    }

    private Rollout start(String waves) {
        Rollout started = rollouts.start(jar(), ORG, waves, false, Actor.SYSTEM);
        rollouts.look();
        return started;
    }

    private Rollout state() {
        return rollouts.all().getLast();
    }

    private void answers(int host, BundleState state, String detail) {
        assertThat(rollouts.heard(
                        holder(hosts.get(host).id()), new Signal.BundleOutcome("ab".repeat(32), state, detail)))
                .isTrue();
    }

    /** Whoever was told since. */
    private List<String> told() {
        List<String> since = List.copyOf(said);
        said.clear();
        return since;
    }

    private void later(Duration time) {
        now = now.plus(time);
        rollouts.look();
    }

    @Test
    void each_wave_begins_when_the_one_before_has_stayed_well() {
        start("1,30%");
        assertThat(told()).containsExactly("h0");
        answers(0, BundleState.REPLACED, "");
        later(SOAK.minusSeconds(1));
        assertThat(told()).isEmpty();
        later(Duration.ofSeconds(1));
        rollouts.look();
        assertThat(told()).containsExactly("h1", "h2");
        answers(1, BundleState.REPLACED, "");
        later(SOAK.plusSeconds(1));
        assertThat(told()).as("one of the wave has not answered").isEmpty();
        answers(2, BundleState.REPLACED, "");
        later(SOAK);
        rollouts.look();
        assertThat(told()).hasSize(7).doesNotHaveDuplicates();
        for (int i = 3; i < 10; i++) {
            answers(i, BundleState.REPLACED, "");
        }
        assertThat(state().state()).isEqualTo(Rollout.State.RUNNING);
        later(SOAK);
        assertThat(state().state()).isEqualTo(Rollout.State.DONE);
        assertThat(audited)
                .extracting(event -> event.type().name())
                .containsExactly("ROLLOUT_STARTED", "ROLLOUT_ENDED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNDONE", "REFUSED"})
    void a_failure_stops_it_and_nobody_else_is_told(String outcome) {
        start("2,100%");
        answers(0, BundleState.REPLACED, "");
        answers(1, BundleState.valueOf(outcome), "UNHEALTHY: did not run again");
        told();
        later(SOAK.plus(PATIENCE));
        assertThat(told()).isEmpty();
        assertThat(state().state()).isEqualTo(Rollout.State.STOPPED);
        assertThat(state().reason()).isEqualTo("h1: UNHEALTHY: did not run again");
        assertThat(state().place(hosts.get(5).id()).orElseThrow().step()).isEqualTo(Place.Step.TO_COME);
    }

    @Test
    void another_host_is_told_for_each_that_the_version_is_nothing_for() {
        start("1,30%");
        answers(0, BundleState.NOT_CONCERNED, "this host has no bundle a.bundle");
        told();
        rollouts.look();
        rollouts.look();
        assertThat(told()).as("one, as the first wave says").containsExactly("h1");
        answers(1, BundleState.REPLACED, "");
        later(SOAK);
        rollouts.look();
        assertThat(told()).containsExactly("h2", "h3");
        answers(2, BundleState.REPLACED, "");
        answers(3, BundleState.REPLACED, "");
        later(SOAK);
        rollouts.look();
        assertThat(told()).hasSize(6);
        for (int i = 4; i < 10; i++) {
            answers(i, BundleState.NOT_CONCERNED, "");
        }
        later(SOAK);
        assertThat(state().state()).isEqualTo(Rollout.State.DONE);
        assertThat(state().place(hosts.get(0).id()).orElseThrow().step()).isEqualTo(Place.Step.SKIPPED);
    }

    @Test
    void what_is_nothing_for_any_host_ends_and_says_so() {
        start("1,100%");
        for (int i = 0; i < 10; i++) {
            answers(i, BundleState.NOT_CONCERNED, "this host is not set up");
            rollouts.look();
            rollouts.look();
        }
        assertThat(state().state()).isEqualTo(Rollout.State.STOPPED);
        assertThat(state().reason()).isEqualTo("no host is concerned; h0: this host is not set up");
    }

    @Test
    void who_says_nothing_has_failed() {
        start("1");
        later(PATIENCE);
        assertThat(state().isRunning()).isTrue();
        later(Duration.ofSeconds(1));
        assertThat(state().reason()).isEqualTo("h0: it said nothing for PT5M");
    }

    @Test
    void who_goes_away_with_the_new_version_and_stays_away_has_failed() {
        start("1");
        answers(0, BundleState.REPLACED, "");
        connected.remove(hosts.get(0).id());
        told();
        later(SOAK.plusSeconds(1));
        assertThat(told()).as("it is not there to be well").isEmpty();
        later(PATIENCE);
        assertThat(state().reason()).isEqualTo("h0: it is away since it took the new version");
    }

    @Test
    void who_waits_for_a_quiet_moment_is_waited_for() {
        start("1");
        answers(0, BundleState.WAITING, "sessions: 1");
        told();
        later(PATIENCE.multipliedBy(20));
        assertThat(state().isRunning()).isTrue();
        assertThat(told()).isEmpty();
        answers(0, BundleState.REPLACED, "");
        later(SOAK);
        rollouts.look();
        assertThat(told()).hasSize(9);
    }

    @Test
    void who_is_away_keeps_nobody_waiting_and_is_told_when_it_comes() {
        connected.remove(hosts.get(3).id());
        start("100%");
        assertThat(told()).hasSize(9).doesNotContain("h3");
        for (int i = 0; i < 10; i++) {
            if (i != 3) {
                answers(i, BundleState.REPLACED, "");
            }
        }
        later(SOAK);
        later(PATIENCE.multipliedBy(100));
        assertThat(state().isRunning()).isTrue();
        connected.put(hosts.get(3).id(), 9L);
        rollouts.look();
        assertThat(told()).containsExactly("h3");
        answers(3, BundleState.REPLACED, "");
        later(SOAK);
        assertThat(state().state()).isEqualTo(Rollout.State.DONE);
    }

    @Test
    void who_comes_back_before_it_answered_is_told_again_also_by_a_control_plane_that_was_restarted() throws Exception {
        start("1");
        assertThat(told()).containsExactly("h0");
        rollouts.look();
        assertThat(told()).isEmpty();
        connected.put(hosts.get(0).id(), 2L);
        rollouts.look();
        assertThat(told()).containsExactly("h0");
        restart();
        rollouts.look();
        assertThat(told()).containsExactly("h0");
        answers(0, BundleState.REPLACED, "");
        restart();
        rollouts.look();
        assertThat(told()).isEmpty();
        assertThat(state().place(hosts.get(0).id()).orElseThrow().step()).isEqualTo(Place.Step.DONE);
    }

    @Test
    void bytes_are_for_those_who_were_offered_them() {
        start("1");
        HostId first = hosts.get(0).id();
        long offset = 0;
        while (offset < content.length) {
            assertThat(rollouts.read(holder(first), new Signal.BundleRead("ab".repeat(32), offset)))
                    .isTrue();
            byte[] data = Base64.getDecoder().decode(parts.getLast().data());
            assertThat(parts.getLast().offset()).isEqualTo(offset);
            for (int i = 0; i < data.length; i++) {
                assertThat(data[i]).isEqualTo(content[(int) offset + i]);
            }
            offset += data.length;
        }
        assertThat(parts).hasSize(2);
        HostId other = hosts.get(4).id();
        assertThat(rollouts.read(holder(other), new Signal.BundleRead("ab".repeat(32), 0)))
                .isFalse();
        assertThat(rollouts.read(holder(first), new Signal.BundleRead("cd".repeat(32), 0)))
                .isFalse();
        assertThat(rollouts.heard(holder(other), new Signal.BundleOutcome("ab".repeat(32), BundleState.REPLACED, "")))
                .isFalse();
        assertThat(parts).hasSize(2);
        rollouts.stop(state().id(), Actor.SYSTEM);
        assertThat(rollouts.read(holder(first), new Signal.BundleRead("ab".repeat(32), 0)))
                .isTrue();
        assertThat(parts.getLast().data()).as("nothing of what was stopped").isEmpty();
        assertThat(Files.exists(folder.resolve("jars/" + "ab".repeat(32) + ".jar")))
                .isFalse();
    }

    @Test
    void one_version_of_a_bundle_at_a_time_and_only_to_hosts_that_there_are() {
        start("1");
        assertThatThrownBy(() -> start("1")).hasMessageContaining("another version of a.bundle");
        rollouts.stop(state().id(), Actor.SYSTEM);
        later(PATIENCE.multipliedBy(2));
        assertThat(state().reason()).isEqualTo("stopped by the operator");
        assertThat(start("1").isRunning()).isTrue();
        assertThatThrownBy(() -> rollouts.stop("none", Actor.SYSTEM)).hasMessageContaining("no roll-out none");
        rollouts.stop(state().id(), Actor.SYSTEM);
        hosts.clear();
        assertThatThrownBy(() -> start("1")).hasMessageContaining("has no hosts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,10%,100% | 30 | 1,3,30",
                "1 | 5 | 1,5",
                "50% | 3 | 2,3",
                "100% | 7 | 7",
                "1,2,3 | 2 | 1,2",
                "1, 10% ,100% | 4 | 1,4",
                "200 | 3 | 3",
                "1%,2%,100% | 10 | 1,10",
                "1,10%,100% | 1 | 1",
                "5,10%,8,100% | 20 | 5,8,20"
            })
    void waves(String text, int all, String ends) {
        assertThat(Waves.parse(text, all).ends().toString().replaceAll("[^0-9,]", ""))
                .isEqualTo(ends);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "0%", "101%", "-1", "a", "1,,2", "5,5", "10,1", "50%,20%", "1.5", "99999999", "1;2"})
    void waves_that_are_none(String text) {
        assertThatThrownBy(() -> Waves.parse(text, 100))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RolloutError.WAVES_REFUSED));
    }

    @Test
    void what_is_no_bundle_is_refused() throws Exception {
        Path none = Files.writeString(folder.resolve("x.jar"), "no jar");
        for (Path file : List.of(none, folder.resolve("missing.jar"), folder)) {
            assertThatThrownBy(() -> BundleJar.read(file))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(RolloutError.NOT_A_BUNDLE));
        }
    }
}
