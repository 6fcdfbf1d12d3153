// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the page, PID {@code io.nvremote.client.page}. The page is served only where there is one. */
@ObjectClassDefinition(name = "The client's page")
@interface PageConfig {

    String PID = "io.nvremote.client.page";

    @AttributeDefinition(
            description = "File, readable by its owner alone, that always holds a fresh one-time address of the page")
    String url_file() default "";

    @AttributeDefinition(description = "Port of the page on 127.0.0.1; 0 for a free one")
    int port() default 0;
}
