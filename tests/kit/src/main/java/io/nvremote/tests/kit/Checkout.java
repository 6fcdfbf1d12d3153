// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this project is. */
public final class Checkout {

    private Checkout() {}

    /** The folder of the root {@code pom.xml}. */
    public static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("cnf/bom/pom.xml"))) {
            Path parent = here.getParent();
            if (parent == null) {
                throw new IllegalStateException("the tests run inside the project");
            }
            here = parent;
        }
        return here;
    }
}
