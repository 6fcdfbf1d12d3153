// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.media.Codec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The encoder TCK on the fake driver, in each version of the interface; those in the middle by {@code --long}. */
class NvencContractTest {

    @Nested
    class Of11_1 extends NvencContract {
        @Override
        long api() {
            return 1101;
        }
    }

    @Nested
    class Of12_0 extends NvencContract {
        @Override
        long api() {
            return 1200;
        }
    }

    @Nested
    @Tag("long")
    class Of12_1 extends NvencContract {
        @Override
        long api() {
            return 1201;
        }
    }

    @Nested
    @Tag("long")
    class Of12_2 extends NvencContract {
        @Override
        long api() {
            return 1202;
        }
    }

    @Nested
    @Tag("long")
    class Of13_0 extends NvencContract {
        @Override
        long api() {
            return 1300;
        }
    }

    @Nested
    class Of13_1 extends NvencContract {
        @Override
        long api() {
            return 1301;
        }
    }

    /** In one version, as the next: what differs between them is in NvencDeviceTest. */
    @Nested
    class HevcOf13_1 extends NvencContract {
        @Override
        long api() {
            return 1301;
        }

        @Override
        protected Codec codec() {
            FakeMachine.needs(Codec.HEVC);
            return Codec.HEVC;
        }
    }

    @Nested
    class Av1Of13_1 extends NvencContract {
        @Override
        long api() {
            return 1301;
        }

        @Override
        protected Codec codec() {
            FakeMachine.needs(Codec.AV1);
            return Codec.AV1;
        }
    }
}
