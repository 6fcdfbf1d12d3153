// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The jars that worker processes run. Safe for any thread. */
interface CodeFiles {

    /**
     * A jar.
     *
     * @param sha256 of its bytes, in hexadecimal; the worker checks it
     */
    record Jar(Path file, String sha256) {}

    /** Whose code a body is, for logs. */
    String owner(Class<?> body);

    /** What each worker is started with: the protocol and the contracts. */
    List<Path> boot() throws IOException;

    /** What a body's class needs beyond that. */
    List<Jar> of(Class<?> body) throws IOException;
}
