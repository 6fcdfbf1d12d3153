// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    /** The one jar in a module's target folder that is the bundle itself. */
    public static Path built(String module) throws IOException {
        try (var files = Files.list(root().resolve(module).resolve("target"))) {
            List<Path> jars = files.filter(f -> f.toString().endsWith(".jar"))
                    .filter(f -> !f.getFileName().toString().matches(".*-(tests|sources|javadoc)\\.jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new IllegalStateException(module + " is not built: " + jars);
            }
            return jars.getFirst();
        }
    }
}
