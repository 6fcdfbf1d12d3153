// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.form;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** A message on its one line. Libraries put what they were sent into theirs. */
public final class EscapedMessage extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return Escaping.text(String.valueOf(event.getFormattedMessage()));
    }
}
