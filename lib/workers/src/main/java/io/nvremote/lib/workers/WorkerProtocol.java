// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

/** What both sides know before the first message. */
public final class WorkerProtocol {

    /** Host and worker are of one runtime, so both know one version only. */
    public static final int VERSION = 1;

    /** What a worker runs; its one argument is the worker's own folder. */
    public static final String MAIN_CLASS = "io.nvremote.worker.process.WorkerMain";

    /** The host's socket in the worker's folder; a short name, for sockets' paths have 108 bytes. */
    public static final String SOCKET = "s";

    /** Of the token on the worker's standard input. */
    public static final int TOKEN_LETTERS = 64;

    private WorkerProtocol() {}
}
