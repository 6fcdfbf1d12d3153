// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

/** What an operator may write under {@code com.acme.capture} in the host agent's configuration; the values here hold where nothing is written. */
@interface AcmeConfig {

    /** By how many greys the slope moves from one picture to the next, 1 to 64. */
    int step() default 1;
}
