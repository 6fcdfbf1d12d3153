// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.signaling.SignalError;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, each read by its type and rule. Every refusal is {@link SignalError#INVALID_FIELD} and
 * names the field, never its value. Not safe for threads.
 */
final class Fields {

    static final int MAX_LIST = 1024;

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{1,1024}={0,2}");

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final ObjectNode node;

    Fields(ObjectNode node) {
        this.node = node;
    }

    Fields object(String name) {
        if (node.get(name) instanceof ObjectNode object) {
            return new Fields(object);
        }
        throw invalid(name, "is an object");
    }

    String text(String name, int maxLength) {
        return required(name, optionalText(name, maxLength));
    }

    @Nullable
    String optionalText(String name, int maxLength) {
        JsonNode value = optional(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || value.textValue().length() > maxLength) {
            throw invalid(name, "is a text of at most " + maxLength + " characters");
        }
        return value.textValue();
    }

    /** Texts by name: at most 16 of at most 256 characters. */
    Map<String, String> facts(String name) {
        Fields object = object(name);
        Map<String, String> facts = new LinkedHashMap<>();
        object.node.fieldNames().forEachRemaining(fact -> facts.put(fact, object.text(fact, 256)));
        if (facts.size() > 16 || facts.keySet().stream().anyMatch(fact -> fact.length() > 64)) {
            throw invalid(name, "is an object of at most 16 texts");
        }
        return facts;
    }

    HostId hostId(String name) {
        return id(name, HostId::of);
    }

    OrgId orgId(String name) {
        return id(name, OrgId::of);
    }

    /** Whether the field is there and not null. */
    boolean has(String name) {
        return optional(name) != null;
    }

    SessionId sessionId(String name) {
        return id(name, SessionId::of);
    }

    List<SessionId> sessionIds(String name) {
        return texts(name, 36).stream()
                .map(text -> parse(name, "is a UUID", text, SessionId::of))
                .toList();
    }

    /** Addresses: names would make the other side look up what this side wants. */
    List<Endpoint> endpoints(String name, int maxCount) {
        String rule = "is a list of at most " + maxCount + " addresses with port";
        List<Endpoint> endpoints = texts(name, 64).stream()
                .map(text -> parse(name, rule, text, Endpoint::parse))
                .toList();
        if (endpoints.size() > maxCount || !endpoints.stream().allMatch(Endpoint::numeric)) {
            throw invalid(name, rule);
        }
        return endpoints;
    }

    Endpoint endpoint(String name) {
        return parse(name, "is a host name or address with port", text(name, 300), Endpoint::parse);
    }

    Instant instant(String name) {
        try {
            return OffsetDateTime.parse(text(name, 40)).toInstant();
        } catch (DateTimeException e) {
            throw invalid(name, "is a time as ISO 8601 writes it");
        }
    }

    TunnelPublicKey key(String name) {
        return required(name, optionalKey(name));
    }

    @Nullable
    TunnelPublicKey optionalKey(String name) {
        String text = optionalText(name, 1024);
        String rule = "is base64 of 32 bytes, 44 characters, in its one form and of no low order";
        return text == null ? null : parse(name, rule, text, TunnelPublicKey::parse);
    }

    GatewayKey gatewayKey(String name) {
        return parse(name, "is base64 of 32 bytes, 44 characters", text(name, 1024), GatewayKey::parse);
    }

    PathPolicy pathPolicy(String name) {
        return parse(name, "is auto or relay", text(name, 32), PathPolicy::parse);
    }

    String base64(String name) {
        String text = text(name, 1026);
        if (!BASE64.matcher(text).matches() || !decodes(text)) {
            throw invalid(name, "is base64 of at most 768 bytes");
        }
        return text;
    }

    /** Of SHA-256. */
    String digest(String name) {
        String text = text(name, 64);
        if (!DIGEST.matcher(text).matches()) {
            throw invalid(name, "is 64 lower-case hexadecimal digits");
        }
        return text;
    }

    TunnelAddress tunnelAddress(String name) {
        return required(name, optionalTunnelAddress(name));
    }

    @Nullable
    TunnelAddress optionalTunnelAddress(String name) {
        String text = optionalText(name, 15);
        return text == null ? null : parse(name, "is an IPv4 address of 10.100.0.0/16", text, TunnelAddress::parse);
    }

    boolean flag(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isBoolean()) {
            throw invalid(name, "is true or false");
        }
        return value.booleanValue();
    }

    int count(String name) {
        long value = required(name, optionalCount(name));
        if (value > Integer.MAX_VALUE) {
            throw invalid(name, "is at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    long longCount(String name) {
        return required(name, optionalCount(name));
    }

    @Nullable
    Long optionalCount(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw invalid(name, "is a whole number, not negative");
        }
        return value.longValue();
    }

    double percent(String name) {
        return required(name, optionalPercent(name));
    }

    @Nullable
    Double optionalPercent(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 100)) {
            throw invalid(name, "is a number from 0 to 100");
        }
        return value.doubleValue();
    }

    <E extends Enum<E>> E word(String name, Class<E> words) {
        String text = text(name, 64);
        for (E word : words.getEnumConstants()) {
            if (word.name().equals(text)) {
                return word;
            }
        }
        throw invalid(name, "is one of " + List.of(words.getEnumConstants()));
    }

    String word(String name, List<String> words) {
        String text = text(name, 64);
        if (!words.contains(text)) {
            throw invalid(name, "is one of " + words);
        }
        return text;
    }

    static StreamException invalid(String name, String rule) {
        return new StreamException(
                SignalError.INVALID_FIELD, "the field " + name + " is missing or breaks its rule: it " + rule);
    }

    private List<String> texts(String name, int maxLength) {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray() || value.size() > MAX_LIST) {
            throw invalid(name, "is a list of at most " + MAX_LIST);
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode item : value) {
            if (!item.isTextual() || item.textValue().length() > maxLength) {
                throw invalid(name, "is a list of texts of at most " + maxLength + " characters");
            }
            texts.add(item.textValue());
        }
        return List.copyOf(texts);
    }

    private <T> T id(String name, Function<String, T> of) {
        return parse(name, "is a UUID", text(name, 64), of);
    }

    private static <T> T parse(String name, String rule, String text, Function<String, T> of) {
        try {
            return of.apply(text);
        } catch (StreamException e) { // which quotes the text
            throw invalid(name, rule);
        }
    }

    private @Nullable JsonNode optional(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw invalid(name, "is required");
        }
        return value;
    }

    private static boolean decodes(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
