// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;

/** Errors in the words of the page. */
final class Failures {

    private Failures() {}

    static ObjectNode json(StreamException e) {
        ObjectNode node = Json.object();
        node.put("code", e.code().name());
        String message = e.getMessage();
        node.put("message", message == null ? e.code().name() : sentence(message));
        node.put("advice", e.code().advice());
        return node;
    }

    /** Messages are written for logs; a person gets a capital letter and a full stop. */
    private static String sentence(String message) {
        String begun = Character.toUpperCase(message.charAt(0)) + message.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }
}
