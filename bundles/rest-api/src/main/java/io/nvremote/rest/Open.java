// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a resource method that answers without an access token. Everything else is refused without one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Open {

    /** The OpenAPI security scheme by which the method itself knows its caller; empty: by none. */
    String scheme() default "";
}
