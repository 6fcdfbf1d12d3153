// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.input.InputEvent;
import org.osgi.annotation.versioning.ProviderType;

/** The way of a person's input to the host. Safe for any thread. */
@ProviderType
public interface InputSender {

    /** Sends it in order and without loss, as long as the session lives. */
    void send(InputEvent event);
}
