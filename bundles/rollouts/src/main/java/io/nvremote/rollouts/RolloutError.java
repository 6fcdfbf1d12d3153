// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** Why a roll-out is refused. */
enum RolloutError implements ErrorCode {
    NOT_A_BUNDLE(Remedy.CALLER, "Name a signed jar that is one OSGi bundle with a name and a version."),
    NO_HOSTS(Remedy.CALLER, "Name an organisation that has hosts; './nvremote user find' names those of a user."),
    WAVES_REFUSED(
            Remedy.CALLER, "Give the waves as numbers of hosts or percent that rise, for example --waves 1,10%,100%."),
    UNDER_WAY(Remedy.CALLER, "Wait until the roll-out of that bundle is over, or stop it first."),
    ROLLOUT_UNKNOWN(Remedy.CALLER, "Name one that './nvremote rollout list' shows."),
    ROLLOUTS_UNWRITABLE(Remedy.OPERATOR, "Give the control plane's folder of roll-outs room and write access.");

    private final Remedy remedy;
    private final String advice;

    RolloutError(Remedy remedy, String advice) {
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
