// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.viewer.ViewerError;

/** The page's compact input events: {@code ["k",usage,down]}, {@code ["p",x,y]} and so on; see keys.ts. */
final class PageInput {

    private PageInput() {}

    static InputEvent read(JsonNode event) {
        return switch (event.path(0).asText()) {
            case "k" -> new InputEvent.Key(number(event, 1, 0, 0xFFFF), number(event, 2, 0, 1) == 1);
            case "p" -> new InputEvent.PointerTo(number(event, 1, 0, 65_535), number(event, 2, 0, 65_535));
            case "m" -> new InputEvent.PointerBy(number(event, 1, -32_768, 32_767), number(event, 2, -32_768, 32_767));
            case "b" -> new InputEvent.Button(number(event, 1, 1, 32), number(event, 2, 0, 1) == 1);
            case "w" -> new InputEvent.Wheel(number(event, 1, -120_000, 120_000), number(event, 2, -120_000, 120_000));
            case "l" -> new InputEvent.Lock(number(event, 1, 0, 0xFFFF), number(event, 2, 0, 1) == 1);
            case "t" -> new InputEvent.Text(text(event));
            case "r" -> new InputEvent.ReleaseAll();
            default -> throw malformed("an unknown input event");
        };
    }

    private static int number(JsonNode event, int index, int least, int most) {
        JsonNode value = event.path(index);
        if (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > most) {
            throw malformed("an input number that is not " + least + " to " + most);
        }
        return value.asInt();
    }

    private static String text(JsonNode event) {
        String text = event.path(1).asText();
        if (!event.path(1).isTextual() || text.length() > InputEvent.Text.MAX_LENGTH) {
            throw malformed("a text that is none, or is too long");
        }
        return text;
    }

    static StreamException malformed(String what) {
        return new StreamException(ViewerError.BAD_REQUEST, "the page sent " + what);
    }
}
