// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** An error code as the control plane named it, so that the person sees the cause and not a translation of it. */
record RemoteError(String name, Remedy remedy, String advice) implements ErrorCode {

    /** @param status HTTP status: 429 and 5xx may pass, 401 and 4xx need the caller */
    static RemoteError of(String code, int status) {
        return status >= 500 || status == 429 || status == 409
                ? new RemoteError(
                        code, Remedy.RETRY, "Try again in a moment; if it stays, tell whoever runs the control plane.")
                : new RemoteError(code, Remedy.CALLER, "The control plane refused this request. The message says why.");
    }
}
