// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong in the directory. */
public enum DirectoryError implements ErrorCode {
    IDENTITY_REFUSED(
            403,
            Remedy.CALLER,
            "The identity provider did not vouch for an e-mail address. Verify it there and sign in again."),
    USER_UNKNOWN(404, Remedy.CALLER, "There is no such user."),
    USER_DISABLED(
            403,
            Remedy.CALLER,
            "The account is disabled. Ask your administrator; whoever operates the control plane can enable it again."),
    ORG_UNKNOWN(404, Remedy.CALLER, "There is no such organisation, or you are not a member of it."),
    HOST_UNKNOWN(404, Remedy.CALLER, "There is no such host in the organisation."),
    NAME_REFUSED(Remedy.CALLER, "A name is empty, too long or has control characters. The message says which."),
    PREFERENCES_REFUSED(
            Remedy.CALLER,
            "Preferences are at most 64 texts of up to 256 characters without controls, with keys of 1 to 64 letters, digits and . _ -."),
    SLUG_REFUSED(
            Remedy.CALLER,
            "A slug is 2 to 63 characters of a-z, 0-9 and hyphens, and begins and ends with a letter or digit."),
    SLUG_TAKEN(409, Remedy.CALLER, "Another organisation has this slug. Choose another."),
    LAST_ADMIN(409, Remedy.CALLER, "An organisation keeps at least one admin. Make somebody else an admin first."),
    MEMBER_UNKNOWN(404, Remedy.CALLER, "The organisation has no such member."),
    ALREADY_MEMBER(409, Remedy.CALLER, "Somebody with this address is a member already. Change the role instead."),
    EMAIL_REFUSED(Remedy.CALLER, "This is no e-mail address: up to 320 characters, one @, no blanks or controls."),
    INVITATION_LIFE_REFUSED(Remedy.CALLER, "An invitation lives 1 minute to 30 days."),
    INVITATION_UNKNOWN(
            404,
            Remedy.CALLER,
            "There is no such open invitation for you: it was accepted, declined, revoked or replaced, it expired, or it is for another address."),
    TOKEN_LIFE_REFUSED(Remedy.CALLER, "A bootstrap token lives 1 minute to 24 hours."),
    TOKEN_REFUSED(
            401,
            Remedy.CALLER,
            "The bootstrap token is unknown, expired, used, revoked, another organisation's, or for a machine of another name or"
                    + " network. Ask an admin for a new one."),
    TOKEN_UNKNOWN(404, Remedy.CALLER, "There is no such unused bootstrap token: it was used or revoked."),
    NETWORK_REFUSED(
            Remedy.CALLER,
            "A network is an address and its number of bits, as 10.0.0.0/8 or 2001:db8::/32, or an address."),
    CSR_REFUSED(
            Remedy.CALLER,
            "The certificate request is malformed, its key is too weak or it is not signed by its own key. Make a new one."),
    CERTIFICATE_FOREIGN(
            403,
            Remedy.CALLER,
            "The certificate was not made for a host by this control plane's authority. Check the control plane's address; or enrol the host again with a new bootstrap token."),
    KEY_NOT_PROVEN(
            403,
            Remedy.CALLER,
            "The certificate request is not signed with the key of the certificate. Only who holds the host's key is given its next certificate."),
    CERTIFICATE_REVOKED(
            403,
            Remedy.CALLER,
            "An admin revoked the host's certificate or removed the host. If it should come back, enrol it again with a new bootstrap token."),
    CERTIFICATE_SUPERSEDED(
            409,
            Remedy.CALLER,
            "The host has shown a newer certificate since: this is a copy or an old backup of its identity. Use the newest; or, on the copy, remove the identity and enrol it as a host of its own."),
    GRACE_OVER(
            403,
            Remedy.CALLER,
            "The certificate expired longer ago than certificate.grace lets hosts come back. Enrol the host again with a new bootstrap token, or an admin sets a longer grace."),
    DATABASE_RESTORED(
            409,
            Remedy.CALLER,
            "The certificate is genuine, but the control plane's database is older than it: it was restored from a backup. An admin restores a newer one, or enrols the host again."),
    CERTIFICATES_FULL(
            Remedy.RETRY,
            "The host has as many valid certificates as it may. It can renew again when one has expired."),
    CA_UNUSABLE(
            Remedy.OPERATOR,
            "The certificate authority's files can't be read or written, or don't belong together. The message names the file.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    DirectoryError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    DirectoryError(int status, Remedy remedy, String advice) {
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
