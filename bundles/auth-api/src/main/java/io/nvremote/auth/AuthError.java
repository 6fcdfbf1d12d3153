// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong while signing in or showing a token. */
public enum AuthError implements ErrorCode {
    TOKEN_MISSING(
            401, Remedy.CALLER, "The request carries no access token. Sign in and send it as Authorization: Bearer."),
    TOKEN_INVALID(401, Remedy.CALLER, "The access token is not one of ours, or was altered. Sign in again."),
    TOKEN_EXPIRED(401, Remedy.CALLER, "The access token has expired. Refresh it."),
    REFRESH_INVALID(401, Remedy.CALLER, "The refresh token is unknown, expired or revoked. Sign in again."),
    REFRESH_REUSED(
            401,
            Remedy.CALLER,
            "The refresh token was used before, so every token of that sign-in was revoked. Sign in again."),
    SIGN_IN_REQUEST_INVALID(
            Remedy.CALLER, "The sign-in request breaks a rule. The message names the parameter and the rule."),
    SIGN_IN_UNKNOWN(404, Remedy.CALLER, "You have no such sign-in: it has ended, or it is somebody else's."),
    SIGN_IN_EXPIRED(Remedy.CALLER, "The sign-in took too long or was used already. Start it again."),
    SIGN_IN_REFUSED(403, Remedy.CALLER, "The identity provider did not sign the person in. The message says why."),
    ISSUER_UNAVAILABLE(
            Remedy.RETRY, "The identity provider can't be reached. Try again; if it stays so, check its address."),
    ISSUER_INVALID(
            502,
            Remedy.OPERATOR,
            "The identity provider answered something that breaks OpenID Connect. Check issuer and client id."),
    NOT_CONFIGURED(
            Remedy.OPERATOR, "No identity provider is configured. Set issuer, client.id and the client secret's file.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    AuthError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    AuthError(int status, Remedy remedy, String advice) {
        this.status = status;
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

    @Override
    public int httpStatus() {
        return status == 0 ? ErrorCode.super.httpStatus() : status;
    }
}
