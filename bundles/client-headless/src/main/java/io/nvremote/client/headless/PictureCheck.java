// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.media.Frame;

/** Proves that decoded pictures are the host's. {@link #picture} belongs to the decoding thread, the rest to any. */
interface PictureCheck {

    /** Looks at one decoded picture. */
    void picture(Frame frame);

    /** A key was just sent to the host. */
    void typed();

    /** Adds what was seen to the report, and each thing that should have been seen and was not to {@code problems}. */
    void report(ObjectNode out, ArrayNode problems);

    static PictureCheck of(HeadlessSettings.Picture expected) {
        return switch (expected) {
            case TESTCARD -> new TestcardCheck();
            case X11 -> new ScreenCheck();
            case ANY -> new AnyPicture();
        };
    }

    /** Any picture will do. */
    final class AnyPicture implements PictureCheck {
        @Override
        public void picture(Frame frame) {}

        @Override
        public void typed() {}

        @Override
        public void report(ObjectNode out, ArrayNode problems) {}
    }
}
