// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Marks an {@link InputSink} component: capability {@code io.nvremote.input}, service property {@code input.sink}. */
@ComponentPropertyType
@Capability(namespace = "io.nvremote.input")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface InputPlugin {

    String PREFIX_ = "input.";

    /** The sink's name: {@code x11}, {@code testcard}. Chosen to fit the capture source of the same name. */
    @Attribute("sink")
    String sink();
}
