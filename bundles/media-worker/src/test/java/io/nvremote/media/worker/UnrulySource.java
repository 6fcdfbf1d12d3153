// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.Cursor;
import io.nvremote.capture.testcard.TestcardCapture;
import io.nvremote.media.FrameSink;
import io.nvremote.worker.WorkerBody;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The test card; commits its misdeed while it hands over its fifth picture. */
public final class UnrulySource implements WorkerBody<CaptureSource> {

    static final long WHEN = 5;

    @Override
    public CaptureSource make(Map<String, String> settings) {
        TestcardCapture source = new TestcardCapture();
        return spec -> new Session(source.open(spec), settings);
    }

    private static final class Session implements CaptureSession {

        private final CaptureSession card;
        private final Map<String, String> settings;

        Session(CaptureSession card, Map<String, String> settings) {
            this.card = card;
            this.settings = settings;
        }

        @Override
        public Grab grab(Duration timeout, FrameSink sink) {
            return card.grab(timeout, frame -> {
                if (frame.sequence() == WHEN) {
                    Misdeed.of(settings, WHEN);
                }
                sink.accept(frame);
            });
        }

        @Override
        public void refresh() {
            card.refresh();
        }

        @Override
        public @Nullable Cursor cursor() {
            return card.cursor();
        }

        @Override
        public void close() {
            card.close();
        }
    }
}
