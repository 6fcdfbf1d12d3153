// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.RestResource;
import javax.ws.rs.core.Application;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Where the resources live: {@code /api/v1}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/api/v1")
@JaxrsName(RestResource.APPLICATION)
public final class RestApplication extends Application {}
