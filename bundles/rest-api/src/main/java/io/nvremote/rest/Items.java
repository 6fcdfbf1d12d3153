// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.util.List;

/** The body of a list. */
public record Items<T>(List<T> items) {

    public Items {
        items = List.copyOf(items);
    }
}
