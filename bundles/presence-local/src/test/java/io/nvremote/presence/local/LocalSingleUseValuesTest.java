// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.Clock;
import io.nvremote.presence.SingleUseValues;

class LocalSingleUseValuesTest extends SingleUseValuesContract {

    @Override
    SingleUseValues provider(Clock time) {
        return new LocalSingleUseValues(time);
    }
}
