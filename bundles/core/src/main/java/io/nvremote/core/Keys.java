// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

/** Names of the values that log lines carry, so that one search finds them all. */
public final class Keys {

    public static final String ORG = "org_id";
    public static final String USER = "user_id";
    public static final String HOST = "host_id";
    public static final String SESSION = "session_id";
    public static final String GATEWAY = "gateway_id";
    public static final String CODE = "code";
    public static final String REMEDY = "remedy";
    public static final String REASON = "reason";
    public static final String PEER = "peer";
    public static final String PORT = "port";
    public static final String DURATION_MILLIS = "duration_ms";
    public static final String COUNT = "count";
    public static final String ATTEMPT = "attempt";
    public static final String BUNDLE = "bundle";
    public static final String VERSION = "version";
    public static final String PLUGIN = "plugin";
    public static final String FILE = "file";
    /** UUID of a GPU, as the driver has it. */
    public static final String GPU = "gpu";
    /** Number of a GPU's fault, as NVIDIA's driver has it. */
    public static final String XID = "xid";

    private Keys() {}
}
