// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import io.nvremote.core.Secret;
import java.io.IOException;
import java.io.Serial;

/** Secrets of bodies: texts on the wire, and nowhere else. */
final class SecretText {

    private SecretText() {}

    static Module module() {
        return new SimpleModule("secret-text")
                .addDeserializer(Secret.class, new Reader())
                .addSerializer(Secret.class, new Writer());
    }

    private static final class Reader extends StdScalarDeserializer<Secret> {

        @Serial
        private static final long serialVersionUID = 1L;

        Reader() {
            super(Secret.class);
        }

        @Override
        public Secret deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new Secret(PlainText.of(parser, context));
        }
    }

    private static final class Writer extends StdScalarSerializer<Secret> {

        @Serial
        private static final long serialVersionUID = 1L;

        Writer() {
            super(Secret.class);
        }

        @Override
        public void serialize(Secret secret, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(secret.reveal());
        }
    }
}
