// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.jars;

import java.nio.file.Path;

/**
 * A file that somebody offers as a plugin, and what has to come of it.
 *
 * @param code the name of the error; empty if it may be installed
 * @param words that the message has
 * @param runtime whether the answer depends on what the runtime is made of
 */
public record AdmissionCase(String name, Path jar, String code, String words, boolean runtime) {

    @Override
    public String toString() {
        return name;
    }
}
