// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one service of its kind that a component works with now. Another may take its place between any two calls; what was opened by the one
 * before goes on. Set by a dynamic reference before the component is activated. Safe for any thread.
 */
public final class Current<S> implements Supplier<S> {

    private volatile @Nullable S service;

    /** None before {@link #set}. */
    public Current() {}

    public Current(S service) {
        this.service = service;
    }

    public void set(S next) {
        service = next;
    }

    /** It goes; nothing is held of it if no other took its place. */
    public void unset(S gone) {
        if (gone.equals(service)) {
            service = null;
        }
    }

    /**
     * The one that was set last.
     *
     * @throws NullPointerException if there is none
     */
    @Override
    public S get() {
        return Objects.requireNonNull(service, "asked for while none is bound");
    }
}
