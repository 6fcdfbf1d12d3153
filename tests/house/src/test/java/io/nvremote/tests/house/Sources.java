// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Java sources that runtimes are made of. */
final class Sources {

    /** @param path from the root of the checkout */
    record Source(String path, String text) {

        String className() {
            String file = path.substring(path.lastIndexOf('/') + 1);
            return file.substring(0, file.length() - ".java".length());
        }

        /** {@code bundles/host} of {@code bundles/host/src/main/…}. */
        String module() {
            return path.substring(0, path.indexOf("/src/main/"));
        }
    }

    private Sources() {}

    static List<Source> main() throws IOException {
        List<Source> all = new ArrayList<>();
        for (String top : List.of("lib", "bundles", "cli", "cnf", "tck")) {
            try (Stream<Path> files = Files.walk(Room.root().resolve(top))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String path = Room.root().relativize(file).toString();
                    if (path.contains("/src/main/java/") && !path.contains("/target/")) {
                        all.add(new Source(path, Files.readString(file)));
                    }
                }
            }
        }
        return all;
    }

    /** The steps of the providers of tables. */
    static List<Source> steps() throws IOException {
        try (Stream<Path> files = Files.walk(Room.root().resolve("bundles"))) {
            List<Source> all = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
                String path = Room.root().relativize(file).toString();
                if (path.contains("/src/main/resources/") && !path.contains("/target/")) {
                    all.add(new Source(path, Files.readString(file)));
                }
            }
            return all;
        }
    }
}
