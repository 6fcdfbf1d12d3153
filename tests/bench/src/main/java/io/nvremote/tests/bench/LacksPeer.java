// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

/** What a benchmark compares with is not on this machine. */
public final class LacksPeer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what the peer or the part that is missing
     * @param packages what supplies it, in Debian's words
     */
    public LacksPeer(String what, String packages) {
        super("LACKS PEER: " + what + ": " + packages);
    }

    /** For a part of ours that is not built or can't run: what happened is in the cause. */
    public LacksPeer(String what, String remedy, Throwable cause) {
        super("LACKS PEER: " + what + ": " + remedy, cause);
    }
}
