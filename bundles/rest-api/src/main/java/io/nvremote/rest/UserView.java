// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.directory.User;
import org.jspecify.annotations.Nullable;

/** A user as others may see them. */
public record UserView(
        @Says(format = "uuid") String id,
        String email,
        String name,
        @Nullable String avatarUrl) {

    public static UserView of(User user) {
        return new UserView(user.id().toString(), user.email(), user.name(), user.avatarUrl());
    }
}
