// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.Path;
import org.junit.jupiter.api.Test;

/** The checked-in document and the resources say the same. */
class OpenApiTest {

    private static final List<Class<?>> RESOURCES = List.of(
            AuthResource.class,
            UserResource.class,
            OrgResource.class,
            OrgHostResource.class,
            HostResource.class,
            SessionResource.class,
            HealthResource.class,
            OpenApiResource.class);

    private final JsonNode document = read();

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(OpenApiResource.load());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void every_resource_method_is_in_the_document_and_the_other_way_round() {
        Set<String> documented = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(m -> documented.add(m + " " + path.getKey())));
        assertThat(documented).isEqualTo(operations());
    }

    @Test
    void what_the_document_calls_open_is_open_and_nothing_else() {
        Set<String> open = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (operation.getValue().has("security")) {
                    open.add(operation.getKey() + " " + path.getKey());
                }
            }
        }
        Set<String> marked = new TreeSet<>();
        methods().stream().filter(m -> m.isAnnotationPresent(Open.class)).forEach(m -> marked.add(name(m)));
        assertThat(marked).isEqualTo(open);
    }

    @Test
    void the_fields_of_bodies_are_those_of_the_document() {
        assertFields("CodeExchange", AuthResource.CodeExchange.class);
        assertFields("Tokens", AuthResource.Tokens.class);
        assertFields("User", Views.UserView.class);
        assertFields("Membership", Views.MembershipView.class);
        assertFields("Org", Views.OrgView.class);
        assertFields("NewOrg", OrgResource.NewOrg.class);
        assertFields("TokenWish", OrgHostResource.TokenBody.class);
        assertFields("BootstrapToken", OrgHostResource.TokenView.class);
        assertFields("Registration", OrgHostResource.Registration.class);
        assertFields("Registered", OrgHostResource.Registered.class);
        assertFields("Host", Views.HostView.class);
        assertFields("Figures", Views.MetricsView.class);
        assertFields("HostStatus", Views.StatusView.class);
        assertFields("SessionWish", SessionResource.SessionBody.class);
        assertFields("Connected", SessionResource.Connected.class);
        assertFields("Session", Views.SessionView.class);
        assertFields("Problem", Problem.class);
    }

    private void assertFields(String schema, Class<? extends Record> type) {
        Set<String> documented = new TreeSet<>();
        document.at("/components/schemas/" + schema + "/properties")
                .fieldNames()
                .forEachRemaining(documented::add);
        Set<String> fields = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            fields.add(component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT));
        }
        assertThat(fields).as(schema).isEqualTo(documented);
    }

    private static Set<String> operations() {
        Set<String> names = new TreeSet<>();
        methods().forEach(m -> names.add(name(m)));
        return names;
    }

    private static List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                if (verb(method) != null) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }

    private static String name(Method method) {
        String base = method.getDeclaringClass().getAnnotation(Path.class).value();
        Path own = method.getAnnotation(Path.class);
        String path = (base.equals("/") ? "" : base) + (own == null ? "" : own.value());
        return verb(method) + " " + path;
    }

    private static String verb(Method method) {
        for (var annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
                return http.value().toLowerCase(java.util.Locale.ROOT);
            }
        }
        return null;
    }
}
