// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.capture.CapturePlugin;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Clock;
import io.nvremote.input.InputPlugin;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** One screen: a source of pictures and a sink of input that the pictures show. Safe for any thread. */
@Component(
        service = {CaptureSource.class, InputSink.class},
        property = "service.ranking:Integer=-100")
@CapturePlugin(source = "testcard", byNameOnly = true)
@InputPlugin(sink = "testcard")
public final class TestcardCapture implements CaptureSource, InputSink {

    private final TestcardScreen screen = new TestcardScreen();

    @Activate
    public TestcardCapture() {}

    @Override
    public CaptureSession open(CaptureSpec spec) {
        return new TestcardSession(spec, screen, Clock.system());
    }

    @Override
    public InputSession open(String display) {
        return new TestcardInput(screen);
    }
}
