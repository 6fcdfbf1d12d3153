// SPDX-License-Identifier: Apache-2.0
/**
 * The client role: signs a person in, lists hosts, connects, receives the stream and shows it in a page or checks it
 * without one. Orchestration only; exports nothing.
 */
@NullMarked
package io.nvremote.client;

import org.jspecify.annotations.NullMarked;
