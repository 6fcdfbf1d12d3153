// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call into code that may be a plugin's, in our own words: whatever was thrown there (any {@link Throwable}, checked
 * ones by stealth, ones that throw when they are asked what they are) is read once, here, and goes no further.
 */
public final class PluginFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable ErrorCode code;
    private final String reason;

    private PluginFault(@Nullable ErrorCode code, String type, String reason) {
        super(type + reason);
        this.code = code;
        this.reason = reason;
    }

    /** A call into code that may be a plugin's. */
    @FunctionalInterface
    public interface Call<T> {
        T make() throws Throwable;
    }

    /** It does what it must not, without throwing. */
    public static PluginFault of(String message) {
        return new PluginFault(null, "", message);
    }

    /**
     * Makes the call. An interrupt flag that the code leaves behind is not this thread's: who interrupts us says why elsewhere.
     *
     * @throws PluginFault for whatever it throws
     */
    public static <T> T guard(Call<T> call) {
        try {
            return call.make();
        } catch (PluginFault ours) {
            throw ours;
        } catch (Throwable thrown) {
            throw told(thrown);
        } finally {
            Thread.interrupted();
        }
    }

    /** What it said was wrong, if it kept to the contract: null for a fault of its own. */
    public @Nullable ErrorCode code() {
        return code;
    }

    /** What it said, without the kind of what was thrown. */
    public String reason() {
        return reason;
    }

    private static PluginFault told(Throwable thrown) {
        try {
            ErrorCode code = thrown instanceof StreamException known ? known.code() : null;
            var fault = new PluginFault(
                    code, thrown.getClass().getSimpleName() + ": ", String.valueOf(thrown.getMessage()));
            fault.setStackTrace(thrown.getStackTrace());
            return fault;
        } catch (Throwable worse) {
            return new PluginFault(null, thrown.getClass().getName(), ", which can't say what it is");
        }
    }
}
