// SPDX-License-Identifier: Apache-2.0
package com.acme.input;

import io.nvremote.input.InputSink;
import io.nvremote.tck.InputSinkContract;
import java.time.Duration;

/** Everything the platform asks of a sink for input, and the screen is told of all of it. */
class AcmeInputTest extends InputSinkContract {

    private final AcmeInput input = new AcmeInput();

    @Override
    protected InputSink sink() {
        return input;
    }

    @Override
    protected Listener listen() {
        input.screen().forget();
        return new Listener() {
            @Override
            public Told next() throws InterruptedException {
                AcmeScreen.Change change = input.screen().next(Duration.ofSeconds(5));
                return change == null ? null : new Told(change.key(), change.code(), change.down());
            }

            @Override
            public void close() {}
        };
    }
}
