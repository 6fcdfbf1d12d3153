// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Marks a {@link CaptureSource} component: the same line feeds the resolver (capability {@code io.nvremote.capture}) and
 * the choice at run time (service properties {@code capture.source}, {@code capture.byNameOnly}).
 */
@ComponentPropertyType
@Capability(namespace = "io.nvremote.capture")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface CapturePlugin {

    String PREFIX_ = "capture.";

    /** The source's name: {@code x11}, {@code testcard}, {@code nvfbc}. */
    @Attribute("source")
    String source();

    /** Whether it shows no real screen: chosen only where its name is asked for, never by {@code auto}. */
    boolean byNameOnly() default false;
}
