// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the OpenAPI document says of a resource method beyond what its signature tells. The build makes the document of each
 * bundle from these, its {@link Says} and its records.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Operation {

    /** The operation's id; unique among all operations. */
    String id();

    /** One line: what it does. */
    String summary();

    /**
     * Whom it is for. Says so, and checks nothing: the method asks {@link Rights}. Every guarded method has one, and none that is {@link
     * Open}.
     */
    CallerRole role() default CallerRole.NONE;

    /** The status of success. */
    int status() default 200;

    /** What success answers, in a word or two. */
    String answers();

    /** The record in the body of success, where the method returns a {@code Response}; none by default. */
    Class<?> body() default void.class;

    /** Statuses of failures beside those that every operation of its kind has (400 for input, 401 for the guarded). */
    int[] problems() default {};
}
