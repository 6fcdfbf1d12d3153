// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong at the client, in the words its page shows. */
public enum ViewerError implements ErrorCode {
    CONTROL_PLANE_UNREACHABLE(
            Remedy.RETRY, "The control plane does not answer. Check the network and the address, then try again."),
    SIGN_IN_REQUIRED(Remedy.CALLER, "You are not signed in, or the sign-in has expired. Sign in again."),
    SIGN_IN_FAILED(Remedy.CALLER, "The sign-in did not complete. Start it again from the page."),
    SIGN_IN_UNAVAILABLE(Remedy.RETRY, "Try again in a moment; if it stays, tell whoever runs the control plane."),
    HOST_UNKNOWN(Remedy.CALLER, "This host is not in your list. Reload the page."),
    ALREADY_CONNECTED(Remedy.CALLER, "There is a session already. Disconnect it first."),
    SESSION_REFUSED(Remedy.RETRY, "The control plane or the host refused the session. The message says why."),
    HOST_NOT_READY(Remedy.RETRY, "The host did not take the session in time. Check that it is online, then try again."),
    TUNNEL_SILENT(
            Remedy.RETRY,
            "The host can't be reached through the gateway. Check that UDP to the gateway is allowed here and at the host, then try again."),
    NO_PICTURE(Remedy.RETRY, "The tunnel is up but no picture came. The host's log says why; try again."),
    TRACK_FAILED(Remedy.BUG, "A part of the session could not be opened. The client's log says why; report it."),
    PATH_TOO_SMALL(
            Remedy.OPERATOR,
            "The network between here and the host drops datagrams of 1280 bytes, which every network must carry. Look at the MTU of a VPN or tunnel on the way, here and at the host."),
    CONNECTION_LOST(Remedy.RETRY, "The host went silent for too long. Connect again when it is back."),
    CANCELLED(Remedy.CALLER, "You cancelled the connection."),
    BAD_REQUEST(Remedy.CALLER, "The page sent a request that breaks its form. Reload the page.");

    private final Remedy remedy;
    private final String advice;

    ViewerError(Remedy remedy, String advice) {
        this.remedy = remedy;
        this.advice = advice;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }

    @Override
    public String advice() {
        return advice;
    }
}
