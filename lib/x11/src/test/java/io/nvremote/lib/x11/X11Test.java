// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.x11;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Library;
import io.nvremote.core.CoreError;
import org.junit.jupiter.api.Test;

class X11Test {

    private final X11 x11 = new X11(CoreError.INVALID_CONFIGURATION);

    @Test
    void a_missing_library_is_named_with_its_package() {
        assertThatThrownBy(() -> x11.load("libnvremotenone.so.9", "libnvremotenone9", Library.class))
                .hasMessageContaining("libnvremotenone.so.9 can't be loaded: install libnvremotenone9")
                .hasFieldOrPropertyWithValue("code", CoreError.INVALID_CONFIGURATION);
    }

    @Test
    void a_display_without_a_server_is_named() {
        X11.Xlib xlib = x11.xlib(X11.Xlib.class);
        assertThatThrownBy(() -> x11.connect(xlib, ":4711"))
                .hasMessageContaining("no X server answers at :4711")
                .hasFieldOrPropertyWithValue("code", CoreError.INVALID_CONFIGURATION);
    }
}
