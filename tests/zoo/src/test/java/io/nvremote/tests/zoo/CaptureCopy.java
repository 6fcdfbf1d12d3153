// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A session of the right source. What overrides one method of it is wrong in that. */
class CaptureCopy implements CaptureSession {

    final CaptureSession right;

    CaptureCopy(CaptureSource source, CaptureSpec spec) {
        right = source.open(spec);
    }

    @Override
    public Grab grab(Duration timeout, FrameSink sink) {
        return right.grab(timeout, frame -> sink.accept(shown(frame)));
    }

    /** What is handed over in place of a picture. */
    Frame shown(Frame frame) {
        return frame;
    }

    @Override
    public void refresh() {
        right.refresh();
    }

    @Override
    public @Nullable Cursor cursor() {
        return right.cursor();
    }

    @Override
    public void close() {
        right.close();
    }
}
