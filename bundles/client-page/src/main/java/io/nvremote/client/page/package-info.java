// SPDX-License-Identifier: Apache-2.0
/**
 * The page as a view of the client: serves the web app and its socket on loopback, behind a guard, and hands on what its open
 * pages see and do. Knows the client by {@code viewer-api} alone; exports nothing.
 */
@NullMarked
package io.nvremote.client.page;

import org.jspecify.annotations.NullMarked;
