// SPDX-License-Identifier: Apache-2.0
/** The TCP ports of the web server: any number with TLS 1.3, and a plain one on loopback. What is served on them is the business of others. */
@NullMarked
package io.nvremote.web.ports;

import org.jspecify.annotations.NullMarked;
