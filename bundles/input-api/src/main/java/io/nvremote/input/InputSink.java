// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input;

import org.osgi.annotation.versioning.ConsumerType;

/** A way to inject input into a screen. Implemented by vendors. Safe for any thread. */
@ConsumerType
public interface InputSink {

    /**
     * Opens the screen's input.
     *
     * @param display which screen, in the words of the capture source that shows it; empty for the default
     * @throws io.nvremote.core.StreamException {@link InputError#INPUT_UNAVAILABLE}
     */
    InputSession open(String display);
}
