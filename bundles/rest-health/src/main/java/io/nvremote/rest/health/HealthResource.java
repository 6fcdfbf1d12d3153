// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.nvremote.auth.AccessTokens;
import io.nvremote.core.CoreError;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Problem;
import io.nvremote.rest.RestResource;
import io.nvremote.runtime.RuntimeHealth;
import io.nvremote.store.Store;
import io.nvremote.store.StoreError;
import java.util.Map;
import java.util.TreeMap;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code /livez} and {@code /readyz}: whether the process runs, and whether it can serve. {@link HealthServlet} gives the same
 * answers without {@code /api/v1}.
 */
@Component(service = HealthResource.class)
@RestResource
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    /** That somebody answers says it all. */
    static final Health LIVE = new Health("ok", Map.of());

    private static final String STARTING = "starting";

    private final Store store;
    private final AccessTokens tokens;
    private final CertificateAuthority authority;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable RuntimeHealth runtime;

    @Activate
    public HealthResource(
            @Reference Store store, @Reference AccessTokens tokens, @Reference CertificateAuthority authority) {
        this.store = store;
        this.tokens = tokens;
        this.authority = authority;
    }

    @GET
    @Operation(id = "live", summary = "Whether the process runs; also at the root of the port", answers = "It does")
    @Open
    @Path("/livez")
    public Health live() {
        return LIVE;
    }

    @GET
    @Operation(
            id = "ready",
            summary = "Whether it can serve: database and keys; also at the root of the port",
            answers = "It can",
            body = Health.class,
            problems = 503)
    @Open
    @Path("/readyz")
    public Response ready() {
        Readiness readiness = readiness();
        return Response.status(readiness.status())
                .type(readiness.mediaType())
                .entity(readiness.body())
                .build();
    }

    /** Asks the parts; blocks for as long as the store's patience while the database does not answer. */
    Readiness readiness() {
        Readiness lacking = lacking(runtime);
        if (lacking != null) {
            return lacking;
        }
        boolean database = store.ready();
        boolean keys = !tokens.keySet().isEmpty() && !authority.rootPem().isEmpty();
        Map<String, String> checks =
                Map.of("database", database ? "ok" : "unavailable", "keys", keys ? "ok" : "missing");
        if (!database) {
            return new Readiness(
                    503,
                    Problem.of(
                            StoreError.UNAVAILABLE, store.waitingFor().orElse("the database does not answer"), checks));
        }
        if (!keys) {
            return new Readiness(503, Problem.of(CoreError.INTERNAL, "the signing keys are missing", checks));
        }
        return new Readiness(200, new Health("ok", checks));
    }

    /** Names the parts that could not start, or null if all did. Why is in the log: not for strangers. */
    static @Nullable Readiness lacking(@Nullable RuntimeHealth runtime) {
        Map<String, String> missing = new TreeMap<>();
        if (runtime != null) {
            runtime.failed().forEach(part -> missing.put(part.name(), part.starting() ? STARTING : "failed"));
        }
        if (missing.isEmpty()) {
            return null;
        }
        Problem problem = missing.values().stream().allMatch(STARTING::equals)
                ? Problem.of(StoreError.UNAVAILABLE, "parts of the control plane are still starting", missing)
                : Problem.of(CoreError.INVALID_CONFIGURATION, "parts of the control plane could not start", missing);
        return new Readiness(503, problem);
    }

    /** An answer to {@code /readyz}. */
    record Readiness(int status, Record body) {

        String mediaType() {
            return body instanceof Problem ? Problem.MEDIA_TYPE : MediaType.APPLICATION_JSON;
        }
    }

    /** The state, and that of its parts. */
    public record Health(String status, Map<String, String> checks) {}
}
