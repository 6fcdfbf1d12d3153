// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Marks an {@link Encoder} component: the same line feeds the resolver (capability {@code io.nvremote.encode}) and the
 * choice at run time (service properties {@code encode.codec}, {@code encode.device}).
 */
@ComponentPropertyType
@Capability(namespace = "io.nvremote.encode")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface EncoderPlugin {

    String PREFIX_ = "encode.";

    /** Names of the codecs it can produce: {@code h264}, {@code hevc}, {@code av1}. */
    @Attribute("codec")
    String[] codec();

    /** What does the work: {@code software}, {@code nvidia}. */
    @Attribute("device")
    String device();
}
