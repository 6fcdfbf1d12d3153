// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.Serial;

/**
 * Texts of bodies as everything behind can keep them: JSON can say NUL, which PostgreSQL has no place for, and halves of
 * surrogate pairs, which UTF-8 has none for.
 */
final class PlainText extends StdScalarDeserializer<String> {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String RULE = "a text has NUL or half of a surrogate pair";

    private PlainText() {
        super(String.class);
    }

    static Module module() {
        return new SimpleModule("plain-text")
                .addDeserializer(String.class, new PlainText())
                .addKeyDeserializer(String.class, new Key());
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return of(parser, context);
    }

    /** The text where the parser is. A number is none: Jackson by itself would write it out. */
    static String of(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw MismatchedInputException.from(parser, String.class, "no text");
        }
        return checked(StringDeserializer.instance.deserialize(parser, context), context);
    }

    /** Whether the reason is this rule. */
    static boolean refused(Exception e) {
        return String.valueOf(e.getMessage()).startsWith(RULE);
    }

    private static String checked(String text, DeserializationContext context) throws JsonMappingException {
        boolean plain = text.codePoints().allMatch(c -> c != 0 && (c < 0xd800 || c > 0xdfff));
        if (!plain) {
            throw JsonMappingException.from(context, RULE);
        }
        return text;
    }

    /** The same for names in maps. */
    private static final class Key extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            return checked(key, context);
        }
    }
}
