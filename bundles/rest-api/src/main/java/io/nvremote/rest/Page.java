// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.StreamException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param size most items, 1 to {@link #MOST}
 * @param after the cursor that the page before gave: the id of its last item; null for the first page
 */
public record Page(int size, @Nullable String after) {

    /** Items on a page when none are asked for, and the most that can be. */
    public static final int MOST = 100;

    private static final int LONGEST_CURSOR = 64;

    /** Reads the parameters {@code limit} and {@code cursor}; null: not given. */
    public static Page of(@Nullable String limit, @Nullable String cursor) {
        if (limit != null && !limit.matches("[1-9][0-9]?|100")) {
            throw new StreamException(RestError.FIELD_INVALID, "limit must be 1 to " + MOST);
        }
        return new Page(
                limit == null ? MOST : Integer.parseInt(limit),
                cursor == null ? null : Fields.text("cursor", cursor, LONGEST_CURSOR));
    }

    /**
     * The body of this page. A full page says that there may be more.
     *
     * @param rows at most {@link #size}
     * @param id what a row is found again by
     */
    public <R, V> Items<V> items(List<R> rows, Function<R, ?> id, Function<R, V> view) {
        return new Items<>(
                rows.stream().map(view).toList(),
                rows.size() < size ? null : id.apply(rows.getLast()).toString());
    }

    /** The same of a list that is at hand as a whole. */
    public <R, V> Items<V> itemsOfAll(List<R> all, Function<R, ?> id, Function<R, V> view) {
        int from = 0;
        while (after != null
                && from < all.size()
                && !id.apply(all.get(from)).toString().equals(after)) {
            from++;
        }
        List<R> rest = all.subList(Math.min(all.size(), after == null ? 0 : from + 1), all.size());
        Items<V> page = items(rest.subList(0, Math.min(size, rest.size())), id, view);
        return rest.size() <= size ? new Items<>(page.items(), null) : page;
    }
}
