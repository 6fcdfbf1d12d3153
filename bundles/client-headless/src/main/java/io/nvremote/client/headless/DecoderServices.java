// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.decode.Decoder;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The decoders that are here now, by codec, best first. Safe for any thread. */
final class DecoderServices {

    /** One decoder as the framework offers it. */
    record Candidate(Decoder decoder, long serviceId, int ranking, Set<String> codecs) {}

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingInt(Candidate::ranking).reversed().thenComparingLong(Candidate::serviceId);

    private final List<Candidate> all = new CopyOnWriteArrayList<>();

    void add(Decoder decoder, Map<String, ?> properties) {
        Object codecs = properties.get("decode.codec");
        Set<String> names =
                switch (codecs) {
                    case String one -> Set.of(one);
                    case String[] several -> Set.of(several);
                    case null, default -> Set.of();
                };
        long id = properties.get("service.id") instanceof Long number ? number : 0;
        int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        all.add(new Candidate(decoder, id, ranking, names));
        all.sort(BEST_FIRST);
    }

    void remove(Decoder decoder) {
        all.removeIf(candidate -> candidate.decoder() == decoder);
    }

    boolean holds(@Nullable Candidate candidate) {
        return candidate != null && all.contains(candidate);
    }

    Optional<Candidate> best(Codec codec) {
        return all.stream()
                .filter(candidate -> candidate.codecs().contains(codec.name()))
                .findFirst();
    }

    /** What can be decoded here, of each codec by its best decoder; best first. */
    List<DecoderCapability> capabilities() {
        List<DecoderCapability> found = new ArrayList<>();
        for (Candidate candidate : all) {
            for (DecoderCapability one : candidate.decoder().capabilities()) {
                if (found.stream().noneMatch(other -> other.codec().equals(one.codec()))) {
                    found.add(one);
                }
            }
        }
        return found;
    }
}
