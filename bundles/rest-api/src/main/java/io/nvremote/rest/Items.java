// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a list: one {@link Page} of it. The answer's {@code Link} header names the next one (RFC 8288). */
public record Items<T>(
        List<T> items,

        @Says("cursor of the next page, if there may be one") @Nullable
        String next) {

    public Items {
        items = List.copyOf(items);
    }
}
