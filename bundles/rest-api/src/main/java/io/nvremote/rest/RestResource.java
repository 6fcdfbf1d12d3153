// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;
import org.osgi.service.jaxrs.whiteboard.annotations.RequireJaxrsWhiteboard;

/**
 * Marks a component whose methods answer under {@code /api/v1}: it belongs to the one application, and is there only while
 * JSON, error bodies and the guard are. Its members are service properties of the JAX-RS whiteboard (OSGi Compendium 7,
 * chapter 151) and stay as they are.
 */
@ComponentPropertyType
@RequireJaxrsWhiteboard
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface RestResource {

    /** The name of the application at {@code /api/v1}. */
    String APPLICATION = "nvremote";

    /** The name of the extension that reads and writes JSON. */
    String JSON = "nvremote.json";

    /** The name of the extension that turns failures into the error body. */
    String ERRORS = "nvremote.errors";

    /** The name of the extension that refuses requests without a valid access token. */
    String GUARD = "nvremote.guard";

    boolean osgi_jaxrs_resource() default true;

    String osgi_jaxrs_application_select() default "(osgi.jaxrs.name=" + APPLICATION + ")";

    String[] osgi_jaxrs_extension_select() default {
        "(osgi.jaxrs.name=" + JSON + ")", "(osgi.jaxrs.name=" + ERRORS + ")", "(osgi.jaxrs.name=" + GUARD + ")"
    };
}
