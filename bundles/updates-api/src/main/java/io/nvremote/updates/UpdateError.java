// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** Why a plugin or a bundle was refused or withdrawn. */
public enum UpdateError implements ErrorCode {
    FILE_UNREADABLE(Remedy.CALLER, "The file can't be read as a jar. Check the path and the file."),
    NOT_SIGNED(Remedy.CALLER, "The jar is not signed, or a file in it is not. Sign it with jarsigner."),
    TAMPERED(Remedy.CALLER, "The jar was changed after it was signed. Get it from its publisher again."),
    UNKNOWN_PUBLISHER(
            Remedy.OPERATOR,
            "The jar's signer is not trusted here. Add the publisher's certificate to the folder that the message names if you trust it."),
    CERTIFICATE_EXPIRED(
            Remedy.CALLER,
            "The certificate that signed the jar, or the one trusted here, is not valid now, and no timestamp of a trusted authority says that it was when the jar was signed. Sign with a valid one, and trust that."),
    REVOKED(
            Remedy.OPERATOR,
            "Whoever runs this took trust back from the jar or from its publisher. Take the line that the message names out of revoked.txt if that was wrong."),
    REVOCATIONS_UNREADABLE(
            Remedy.OPERATOR,
            "Nobody is let in until revoked.txt can be read to its end. Mend the line that the message names."),
    NAME_TAKEN(
            Remedy.CALLER,
            "The name belongs to somebody else: the platform, or the publisher whose plugin of that name is installed. Use a name of your own, or remove that plugin first."),
    NOT_NEWER(
            Remedy.CALLER,
            "A newer version is installed. Raise the version; to go back to an older one, remove the newer first."),
    NOT_A_PLUGIN(
            Remedy.CALLER,
            "The file lacks what makes a jar a plugin, or is of a kind that is not admitted. The message says what."),
    ALREADY_INSTALLED(Remedy.CALLER, "This version is installed. Raise the version, or remove the plugin first."),
    NOT_INSTALLED(Remedy.CALLER, "No plugin of that name is installed. The list of plugins shows the names."),
    QUARANTINED(
            Remedy.CALLER,
            "This version failed here before and is refused. Mend the plugin and raise its version; if it was not at fault, let it in again (plugin unquarantine)."),
    NOT_QUARANTINED(
            Remedy.CALLER,
            "No version of a plugin of that name is in quarantine. The list of plugins shows those that are."),
    NOT_COMPATIBLE(Remedy.CALLER, "The plugin needs packages or versions that this runtime does not have."),
    DID_NOT_START(Remedy.CALLER, "The plugin was installed but its service did not come up; it was removed."),
    DID_NOT_STOP(
            Remedy.CALLER,
            "The plugin serves nobody any more and does not come back, but its code did not end in time. What is left of it goes when the runtime is restarted."),
    WITHDRAWN(Remedy.CALLER, "The plugin failed while it took over; it was removed and the stream went on without it."),
    RESTART_NEEDED(
            Remedy.CALLER,
            "This bundle can't be replaced while the runtime runs; the message says why. Ask for the next start instead (--at-restart)."),
    NEVER_ALONE(
            Remedy.CALLER, "This bundle goes with the runtime as a whole: update the runtime's jar and restart it."),
    WOULD_END(
            Remedy.CALLER,
            "Something would end with the bundle; the message says what. Let it wait for a moment when nothing does (--when-idle), or end it (--force)."),
    UNHEALTHY(
            Remedy.CALLER,
            "With the new version something did not run that ran before; the old version is back. The message names it, the log says why."),
    NOTHING_BEFORE(
            Remedy.CALLER,
            "The bundle runs in the version that the runtime was shipped with; there is none to go back to.");

    private final Remedy remedy;
    private final String advice;

    UpdateError(Remedy remedy, String advice) {
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
