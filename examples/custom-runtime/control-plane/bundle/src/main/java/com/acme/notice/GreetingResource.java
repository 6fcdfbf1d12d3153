// SPDX-License-Identifier: Apache-2.0
package com.acme.notice;

import io.nvremote.rest.Open;
import io.nvremote.rest.RestResource;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** {@code /greeting}: for everybody, with a text from the configuration. */
@Designate(ocd = NoticeConfig.class)
@Component(service = GreetingResource.class, configurationPid = "com.acme.notice")
@RestResource
@Path("/greeting")
@Produces(MediaType.APPLICATION_JSON)
public final class GreetingResource {

    private final NoticeConfig config;

    @Activate
    public GreetingResource(NoticeConfig config) {
        this.config = config;
    }

    @GET
    @Open
    public Notice greeting() {
        return new Notice(config.greeting());
    }
}
