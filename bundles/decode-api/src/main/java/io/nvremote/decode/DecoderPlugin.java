// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Marks a {@link Decoder} component: capability {@code io.nvremote.decode}, service property {@code decode.codec}. */
@ComponentPropertyType
@Capability(namespace = "io.nvremote.decode")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface DecoderPlugin {

    String PREFIX_ = "decode.";

    /** Names of the codecs it understands. */
    @Attribute("codec")
    String[] codec();
}
