// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why picture sources are not usable: in the log once, however often one is tried again, until there was a picture. Safe for any thread. */
final class SourceComplaints {

    private static final Logger LOG = LoggerFactory.getLogger(SourceComplaints.class);

    private final Set<String> told = new HashSet<>();

    synchronized void add(String source, String code, String reason) {
        if (told.add(source + ": " + reason)) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.CODE, code)
                    .addKeyValue(Keys.REASON, reason)
                    .log("picture source not usable");
        }
    }

    /** There was a picture. */
    synchronized void clear() {
        told.clear();
    }
}
