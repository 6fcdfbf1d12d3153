// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Secret;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Says;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** What one bundle's resources add to the OpenAPI 3.1 document, read off its classes. */
final class OpenApiPart {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final String KEY = "Idempotency-Key";

    private final String tag;
    private final Map<String, ObjectNode> paths = new TreeMap<>();
    private final Map<String, ObjectNode> schemas = new TreeMap<>();

    /** @param tag the family's name */
    OpenApiPart(String tag) {
        this.tag = tag;
    }

    void add(Class<?> resource) {
        String base = resource.getAnnotation(Path.class).value();
        for (Method method : resource.getDeclaredMethods()) {
            String verb = verb(method);
            if (verb != null) {
                Path own = method.getAnnotation(Path.class);
                String path = (base.equals("/") ? "" : base) + (own == null ? "" : own.value());
                ObjectNode operation = operation(method, verb.equals("post"));
                paths.computeIfAbsent(path, p -> JSON.createObjectNode()).set(verb, operation);
            }
        }
    }

    /** A record that the frame of the document refers to. */
    void add(String name, Class<?> type) {
        schemas.put(name, record(type, null));
    }

    private static String verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
                return http.value().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    /** @param keyed whether it takes an Idempotency-Key, as every POST does */
    private ObjectNode operation(Method method, boolean keyed) {
        Operation says = method.getAnnotation(Operation.class);
        if (says == null) {
            throw new IllegalStateException(method + " has no @Operation");
        }
        ObjectNode node = JSON.createObjectNode().put("operationId", says.id()).put("summary", says.summary());
        node.putArray("tags").add(tag);
        node.put("x-role", role(method, says));
        TreeSet<Integer> problems = new TreeSet<>();
        for (int problem : says.problems()) {
            problems.add(problem);
        }
        for (Parameter parameter : method.getParameters()) {
            input(parameter, node, problems);
        }
        if (keyed) {
            key(node);
            problems.addAll(Set.of(400, 409, 422));
        }
        Open open = method.getAnnotation(Open.class);
        if (open == null) {
            problems.add(401);
        } else if (open.scheme().isEmpty()) {
            node.putArray("security");
        } else {
            node.putArray("security").addObject().putArray(open.scheme());
        }
        ObjectNode responses = node.putObject("responses");
        ObjectNode success =
                responses.putObject(Integer.toString(says.status())).put("description", says.answers());
        Type body = says.body() == void.class ? method.getGenericReturnType() : says.body();
        if (schemaOf(body) != null) {
            success.putObject("content").putObject("application/json").set("schema", schemaOf(body));
        }
        for (String text : texts(method)) {
            success.withObject("/content").putObject(text).putObject("schema").put("type", "string");
        }
        problems.forEach(
                status -> responses.putObject(Integer.toString(status)).put("$ref", "#/components/responses/Problem"));
        return node;
    }

    /** The media types of a method that answers in others than JSON alone. */
    private static List<String> texts(Method method) {
        Produces types = method.getAnnotation(Produces.class);
        return types == null || List.of(types.value()).contains("application/json")
                ? List.of()
                : List.of(types.value());
    }

    private static String role(Method method, Operation says) {
        if (method.isAnnotationPresent(Open.class) != (says.role() == CallerRole.NONE)) {
            throw new IllegalStateException(method + " must be open or say whom it is for, and not both");
        }
        return says.role().name().toLowerCase(Locale.ROOT);
    }

    private static void key(ObjectNode operation) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("name").asText().equals(KEY)) {
                return; // the operation says what it does with it
            }
        }
        ObjectNode key = operation
                .withArray("parameters")
                .addObject()
                .put("name", KEY)
                .put("in", "header")
                .put(
                        "description",
                        "The same request with the same key, within 24 h: it is done once, and answered the same")
                .put("required", false);
        key.putObject("schema").put("type", "string").put("minLength", 1).put("maxLength", 255);
    }

    private void input(Parameter parameter, ObjectNode operation, Set<Integer> problems) {
        PathParam path = parameter.getAnnotation(PathParam.class);
        QueryParam query = parameter.getAnnotation(QueryParam.class);
        HeaderParam header = parameter.getAnnotation(HeaderParam.class);
        Says says = parameter.getAnnotation(Says.class);
        if (path != null) {
            parameter(operation, path.value(), "path", parameter, says).put("required", true);
        } else if (query != null) {
            parameter(operation, query.value(), "query", parameter, says)
                    .put("required", says != null && says.required());
        } else if (header != null && !header.value().equals("Authorization")) {
            parameter(operation, header.value(), "header", parameter, says)
                    .put("required", says != null && says.required());
        } else if (parameter.getType().isRecord()) {
            ObjectNode body = operation.putObject("requestBody").put("required", true);
            body.putObject("content").putObject("application/json").set("schema", schemaOf(parameter.getType()));
            problems.add(413);
        } else {
            return;
        }
        problems.add(400);
    }

    private ObjectNode parameter(ObjectNode operation, String name, String in, Parameter parameter, Says says) {
        ObjectNode node =
                operation.withArray("parameters").addObject().put("name", name).put("in", in);
        if (says != null && !says.value().isEmpty()) {
            node.put("description", says.value());
        }
        ObjectNode schema = (ObjectNode) schemaOf(parameter.getType());
        rules(schema, says, false);
        node.set("schema", schema);
        return node;
    }

    /** The schema of a type, or null where the answer has no JSON body of its own. */
    private JsonNode schemaOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (List.class.isAssignableFrom(raw)) {
                ObjectNode list = JSON.createObjectNode().put("type", "array");
                list.set("items", schemaOf(last));
                return list;
            }
            if (Map.class.isAssignableFrom(raw)) {
                ObjectNode map = JSON.createObjectNode().put("type", "object");
                map.set("additionalProperties", schemaOf(last));
                return map;
            }
            return record(raw, last);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class || plain == Secret.class) {
            return JSON.createObjectNode().put("type", "string");
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return JSON.createObjectNode().put("type", "boolean");
        }
        if (plain == double.class || plain == Double.class) {
            return JSON.createObjectNode().put("type", "number");
        }
        if (plain == int.class || plain == Integer.class || plain == long.class || plain == Long.class) {
            return JSON.createObjectNode().put("type", "integer");
        }
        if (plain.isRecord()) {
            String name = plain.getSimpleName().replaceAll("View$", "");
            ObjectNode known = schemas.get(name);
            if (known == null) {
                ObjectNode made = JSON.createObjectNode();
                schemas.put(name, made);
                made.setAll(record(plain, null));
            }
            return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
        }
        return null;
    }

    /** @param argument what stands for the record's type variable, if it has one */
    private ObjectNode record(Class<?> type, Type argument) {
        ObjectNode node = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = node.putObject("properties");
        TreeSet<String> required = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            Says says = component.getAnnotation(Says.class);
            ObjectNode schema = argument != null && component.getGenericType() instanceof ParameterizedType
                    ? items(argument)
                    : (ObjectNode) schemaOf(component.getGenericType());
            rules(schema, says, true);
            properties.set(name, schema);
            boolean absent = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (!absent || (says != null && says.required())) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            required.forEach(node.withArray("required")::add);
        }
        return node;
    }

    private ObjectNode items(Type argument) {
        ObjectNode list = JSON.createObjectNode().put("type", "array");
        list.set("items", schemaOf(argument));
        return list;
    }

    private static void rules(ObjectNode schema, Says says, boolean described) {
        if (says == null) {
            return;
        }
        String kind = schema.path("type").asText();
        String least = kind.equals("integer") ? "minimum" : "minLength";
        String most = kind.equals("integer") ? "maximum" : kind.equals("object") ? "maxProperties" : "maxLength";
        if (described && !says.value().isEmpty()) {
            schema.put("description", says.value());
        }
        if (!says.format().isEmpty()) {
            schema.put("format", says.format());
        }
        if (!says.pattern().isEmpty()) {
            schema.put("pattern", says.pattern());
        }
        for (String value : says.values()) {
            schema.withArray("enum").add(value);
        }
        if (says.least() >= 0) {
            schema.put(least, says.least());
        }
        if (says.most() >= 0) {
            schema.put(most, says.most());
        }
    }

    String json() {
        ObjectNode document = JSON.createObjectNode();
        paths.forEach((path, node) -> document.withObject("/paths").set(path, node));
        schemas.forEach((name, node) -> document.withObject("/schemas").set(name, node));
        try {
            Object sorted = JSON.treeToValue(document, Object.class);
            return JSON.writer(new DefaultPrettyPrinter()
                                    .withObjectIndenter(new DefaultIndenter(" ", "\n"))
                                    .withArrayIndenter(new DefaultIndenter(" ", "\n")))
                            .writeValueAsString(sorted)
                    + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
