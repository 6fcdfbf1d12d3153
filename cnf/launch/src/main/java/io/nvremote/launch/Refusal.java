// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

/** The runtime is not started; the message says to the operator what to do about it. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message, null, false, false);
    }
}
