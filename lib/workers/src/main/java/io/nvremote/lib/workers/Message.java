// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

/**
 * One message.
 *
 * @param session whose it is; 0: the worker's
 * @param call the call that it makes or answers; 0: nobody waits for an answer
 */
public record Message(MessageType type, int session, long call, FieldReader fields) {}
