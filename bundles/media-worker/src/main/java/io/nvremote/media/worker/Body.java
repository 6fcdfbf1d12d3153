// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.ErrorCode;
import io.nvremote.lib.workers.FieldWriter;
import java.util.List;
import java.util.Map;

/**
 * What a worker is to run.
 *
 * @param name the plugin's, for logs
 * @param unavailable the code of a service that can't be had
 * @param lost the code of a session that can't go on
 */
record Body(
        String name,
        List<CodeFiles.Jar> jars,
        String className,
        Map<String, String> settings,
        ErrorCode unavailable,
        ErrorCode lost) {

    /** Its number in a worker, which has one. */
    static final int NUMBER = 1;

    FieldWriter load() {
        FieldWriter fields = new FieldWriter().number(NUMBER).number(jars.size());
        for (CodeFiles.Jar jar : jars) {
            fields.text(jar.sha256()).text(jar.file().toString());
        }
        fields.text(className).number(settings.size());
        settings.forEach((key, value) -> fields.text(key).text(value));
        return fields;
    }

    /** Settings may be secret. */
    @Override
    public String toString() {
        return name;
    }
}
