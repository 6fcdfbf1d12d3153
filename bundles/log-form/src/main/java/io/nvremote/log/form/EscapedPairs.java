// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.form;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** The key-value pairs of an event as {@code key="value"}, each after a blank. */
public final class EscapedPairs extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (KeyValuePair pair : pairs) {
            text.append(' ')
                    .append(Escaping.text(String.valueOf(pair.key)))
                    .append("=\"")
                    .append(Escaping.text(String.valueOf(pair.value)))
                    .append('"');
        }
        return text.toString();
    }
}
