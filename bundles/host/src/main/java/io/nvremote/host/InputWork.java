// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.input.InputEvent;

/** What the thread of an {@link InputStage} is asked to do. */
sealed interface InputWork {

    record Inject(InputEvent event) implements InputWork {}

    /** Pictures come from the source, now or again. */
    record Source() implements InputWork {}

    /** The sinks changed. */
    record Settle() implements InputWork {}

    record Stop() implements InputWork {}
}
