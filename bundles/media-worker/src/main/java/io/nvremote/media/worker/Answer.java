// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.ErrorCode;
import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import java.util.List;

/**
 * What came of a call.
 *
 * @param parts what was said before the end
 */
record Answer(List<Message> parts, Message end) {

    MessageType type() {
        return end.type();
    }

    FieldReader fields() {
        return end.fields();
    }

    /** The answer, unless the worker told of a fault; {@code otherwise} is the code of what has none of the contract. */
    Answer orThrow(ErrorCode otherwise) throws ProtocolFault {
        if (end.type() == MessageType.FAULT) {
            throw ContractFields.thrown(end.fields(), otherwise);
        }
        return this;
    }
}
