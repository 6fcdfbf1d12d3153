// SPDX-License-Identifier: Apache-2.0
/**
 * The client role: signs a person in, lists hosts, connects, and hands what it receives to a view. Orchestration only;
 * exports nothing.
 */
@NullMarked
package io.nvremote.client;

import org.jspecify.annotations.NullMarked;
