// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.Cursor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is being shown, as the video track tells the others. Told again when the source was opened anew: a screen that came back is
 * another one.
 *
 * @param source name of the picture source; empty: no source delivers pictures
 * @param display the one that is asked for; empty: the host's own choice
 * @param pointer asks the source; may run a plugin's code. Null where it has no pointer
 */
record Screen(String source, String display, Supplier<@Nullable Cursor> pointer) {

    static final Screen DARK = new Screen("", "", () -> null);
}
