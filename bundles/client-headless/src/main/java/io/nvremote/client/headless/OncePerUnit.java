// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;

/** Hands on one picture of each unit, also of one that several decoders get. One call at a time. */
final class OncePerUnit implements FrameSink {

    private final FrameSink to;
    private volatile boolean done;

    OncePerUnit(FrameSink to) {
        this.to = to;
    }

    /** Another unit begins. */
    void next() {
        done = false;
    }

    @Override
    public void accept(Frame frame) {
        if (!done) {
            to.accept(frame);
            done = true;
        }
    }
}
