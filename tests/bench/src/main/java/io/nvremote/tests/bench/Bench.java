// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import java.io.IOException;

/** One benchmark. Runs on one thread; what it starts belongs to {@link Run#own}. */
public interface Bench {

    /** Short name, for {@code --only}. */
    String name();

    /**
     * Measures and adds its rows.
     *
     * @throws LacksPeer if there is nothing on this machine to compare with
     */
    void measure(Run run) throws IOException, InterruptedException;
}
