// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncoderSession;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.tests.drivers.FakeDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: versions of the interface, and the words by which structures say theirs. */
class VersionWordsTest {

    @TempDir
    private Path folder;

    /** As the headers of these versions give them. */
    @ParameterizedTest
    @CsvSource({
        "V13_0, CONFIG, f009000d",
        "V12_2, CONFIG, f209000c",
        "V11_1, CONFIG, f107000b",
        "V12_1, LOCK_BITSTREAM, f101000c",
        "V12_0, LOCK_BITSTREAM, 7002000c",
        "V13_1, FUNCTION_LIST, 7102000d"
    })
    void a_word_is_made_of_version_revision_and_flag(ApiVersion api, NvencStruct struct, String word) {
        assertThat(Integer.toHexString(struct.word(api))).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({
        "1101, V11_1",
        "1102, V11_1",
        "1200, V12_0",
        "1201, V12_1",
        "1202, V12_2",
        "1209, V12_2",
        "1300, V13_0",
        "1301, V13_1",
        "1302, V13_1",
        "9900, V13_1"
    })
    void the_newest_version_that_the_driver_serves_is_spoken(long driver, ApiVersion spoken) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("api", driver));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            assertThat(new NvencLibrary(machine.driver().folder()).api()).isEqualTo(spoken);
            Units units = new Units();
            try (EncoderSession session = machine.device().open(FakeMachine.SPEC, units)) {
                session.encode(cards.next(), false);
                session.encode(cards.next(), true);
            }
            assertThat(units.keyFrames()).containsExactly(0L, 1L);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1100, 1000, 900})
    void an_older_driver_is_refused_with_the_one_to_install(long driver) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("api", driver))) {
            assertThatThrownBy(() -> machine.device().open(FakeMachine.SPEC, new Units()))
                    .hasMessageContaining("11.1 is needed: install driver 470.57.02 or newer")
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_UNAVAILABLE));
        }
    }

    @ParameterizedTest
    @EnumSource(NvencLibrary.Call.class)
    void a_function_that_the_driver_leaves_out_is_missed_before_it_is_called(NvencLibrary.Call call) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("null", call.place()))) {
            assertThatThrownBy(() -> machine.device().open(FakeMachine.SPEC, new Units()))
                    .hasMessageContaining(call.name())
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_UNAVAILABLE));
        }
    }

    /** The table is copied and one word in it is another version's, or a later revision's: the driver sees each of them. */
    @ParameterizedTest
    @EnumSource(ApiVersion.class)
    void each_word_that_is_wrong_is_found_out(ApiVersion api) {
        FakeDriver driver = FakeMachine.driver(folder, Map.of("api", decimal(api)));
        int found = 0;
        for (NvencStruct struct : NvencStruct.values()) {
            for (int wrong : List.of(struct.word(api) + (1 << 16), struct.word(api) ^ (1 << 31))) {
                assertThatThrownBy(() -> oneOfEach(driver, struct, wrong))
                        .as(struct + " in " + api)
                        .isInstanceOf(StreamException.class);
                assertThat(driver.report())
                        .as(struct + " in " + api)
                        .hasSizeGreaterThan(found)
                        .anyMatch(line -> line.contains("has the version word " + Integer.toHexString(wrong)));
                found = driver.report().size();
            }
        }
    }

    private static long decimal(ApiVersion api) {
        return (api.number() & 255) * 100L + (api.number() >> 24);
    }

    /** A stream that hands the driver one of each structure. */
    private static void oneOfEach(FakeDriver driver, NvencStruct struct, int word) {
        NvencLibrary library = new NvencLibrary(driver.folder(), api -> new NvencStructs(api).with(struct, word));
        NvencSettings settings = FakeMachine.settings(driver.folder(), "", 8);
        try (NvencDevice device = new NvencDevice(
                        settings, Clock.system(), () -> NvencGpu.open(new Cuda(driver.folder()), library, ""));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = device.open(FakeMachine.SPEC, new Units())) {
            session.encode(cards.next(), false);
            session.retarget(Bitrate.ofMegabits(1));
            session.encode(cards.next(), false);
        }
    }

    @Test
    void a_machine_without_a_driver_says_what_to_install() {
        NvencSettings settings = FakeMachine.settings(folder, "", 8);
        try (NvencDevice device = new NvencDevice(settings, Clock.system())) {
            assertThatThrownBy(() -> device.open(FakeMachine.SPEC, new Units()))
                    .hasMessageContaining("libcuda.so.1 can't be loaded")
                    .hasMessageContaining("install NVIDIA's driver")
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_UNAVAILABLE));
        }
    }
}
