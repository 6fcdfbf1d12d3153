// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the OpenAPI document says of a parameter or of a record's field beyond its type. Checks nothing by itself. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
public @interface Says {

    /** What it is. */
    String value() default "";

    /** Whether it must be there, though the type allows null so that its absence can be answered with a code. */
    boolean required() default false;

    /** A format of JSON Schema, like {@code uuid} or {@code date-time}. */
    String format() default "";

    /** All values there are. */
    String[] values() default {};

    /** A regular expression. */
    String pattern() default "";

    /** Least number, or fewest characters; −1: none. */
    long least() default -1;

    /** Greatest number, or most characters or entries; −1: none. */
    long most() default -1;
}
