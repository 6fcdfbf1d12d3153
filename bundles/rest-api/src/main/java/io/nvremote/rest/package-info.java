// SPDX-License-Identifier: Apache-2.0
/**
 * What every bundle of HTTP resources under {@code /api/v1} speaks: the one annotation that makes a component a resource, who
 * calls, what they may, the error body, and the rules of fields and lists.
 *
 * <pre>{@code
 * @Component(service = PrinterResource.class)
 * @RestResource
 * @Path("/printers")
 * @Produces(MediaType.APPLICATION_JSON)
 * public final class PrinterResource {
 *
 *     @GET
 *     @Path("/{printer}")
 *     public PrinterView one(@PathParam("printer") String id, @Context SecurityContext security) {
 *         return printers.visibleTo(CallerContext.caller(security).user(), id);
 *     }
 * }
 * }</pre>
 *
 * <p>A method parses, asks {@link io.nvremote.rest.Rights} whether the caller may, calls one service and renders a record. It
 * throws {@link io.nvremote.core.StreamException}s; their codes decide the status. Everything needs an access token except
 * what is marked {@link io.nvremote.rest.Open}.
 *
 * <p><b>Threads.</b> Resources are called by any thread, many at once.
 */
@Export
@Version("0.2.0")
@NullMarked
package io.nvremote.rest;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
